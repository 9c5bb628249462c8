/** Commands straight on the log: load, replay, decide, append, and again after a conflict. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Aggregate from "../Domain/Aggregate.ts"
import * as Circumstances from "../Domain/Circumstances.ts"
import type { Commit } from "../Domain/Commit.ts"
import { CommandHandler } from "../Services/CommandHandler.ts"
import { EventStore, VersionConflict } from "../Services/EventStore.ts"
import { Ids } from "../Services/Ids.ts"
import { Current } from "../Services/Metadata.ts"
import * as Decision from "./Decision.ts"

export const make = Effect.gen(function* () {
  const store = yield* EventStore
  const ids = yield* Ids
  // A commit without `advance` moves no checkpoint.
  const append = (commit: Commit) => Effect.catchTag(store.append(commit), "CheckpointMoved", Effect.die)

  const attempt = Effect.fnUntraced(function* <A extends Aggregate.Any, C extends Aggregate.Command<A>>(
    aggregate: A,
    command: C,
    commandId: string,
    now: number
  ) {
    const stream = Aggregate.streamOf(aggregate, command)
    const loaded = yield* Decision.load(store, aggregate, stream)
    const { part } = yield* Decision.decide(
      aggregate,
      command,
      loaded,
      Circumstances.ofCommand(commandId, now)
    )
    if (part.events.length === 0) return yield* Decision.receipt(aggregate, stream, loaded, [])
    const metadata = Decision.metadata(yield* Current, commandId)
    const { events } = yield* append({ metadata, parts: [part] })
    return yield* Decision.receipt(aggregate, stream, loaded, events)
  })

  return CommandHandler.of({
    handle: (aggregate, command) =>
      Effect.all([ids.next, Clock.currentTimeMillis]).pipe(
        Effect.flatMap(([commandId, now]) =>
          Effect.retry(attempt(aggregate, command, commandId, Math.floor(now)), {
            schedule: conflicts,
            while: (error) => error instanceof VersionConflict
          })
        ),
        Effect.provideService(Ids, ids),
        Effect.withSpan("CommandHandler.handle", {
          attributes: { aggregate: aggregate.name, command: command._tag }
        })
      )
  })
})

/** Decides again up to five times when others append to the same stream first. */
export const layer: Layer.Layer<CommandHandler, never, EventStore | Ids> = Layer.effect(CommandHandler, make)

// internal

const conflicts = Schedule.exponential("1 millis").pipe(
  Schedule.jittered,
  Schedule.intersect(Schedule.recurs(5))
)
