/** A log that does its work, and whose answer does not arrive. */
import type { Commit } from "everfold"
import { EventStore, StoreError } from "everfold"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import type { LogLayer } from "./WriteSide.ts"

/** Nobody knows whether it was done. */
export const unknown = StoreError.make("OutcomeUnknown", "the answer was lost on its way")

/** Loses answers: `loses` says which, each time that there is one. Refusals are answers as well. */
export const around =
  (
    loses: (commit: Commit.Commit) => Effect.Effect<boolean>,
    instead: Effect.Effect<never, StoreError.StoreError> = unknown
  ) =>
  (log: LogLayer): LogLayer =>
    Layer.effect(
      EventStore.EventStore,
      Effect.map(EventStore.EventStore, (store) => ({
        ...store,
        append: (commit, queued) =>
          Effect.flatMap(Effect.exit(store.append(commit, queued)), (answer) =>
            Exit.isInterrupted(answer)
              ? answer
              : Effect.if(loses(commit), { onTrue: () => instead, onFalse: () => answer })
          )
      }))
    ).pipe(Layer.provideMerge(log))
