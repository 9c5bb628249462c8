/** Notices that go nowhere, and are kept: for tests, and for whoever wants to look first. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import type { Notice } from "../../Services/Allocation/Notifier.ts"
import { Notifier } from "../../Services/Allocation/Notifier.ts"

/** What was sent, oldest first. */
export class Collected extends Context.Tag("everfold/Allocation/Collected")<
  Collected,
  Effect.Effect<ReadonlyArray<Notice>>
>() {}

export const layer: Layer.Layer<Notifier | Collected> = Layer.effectContext(
  Effect.map(Ref.make<ReadonlyArray<Notice>>([]), (notices) =>
    Context.make(Collected, Ref.get(notices)).pipe(
      Context.add(Notifier, { send: (notice) => Ref.update(notices, (sent) => [...sent, notice]) })
    )
  )
)
