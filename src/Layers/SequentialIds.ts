/** Ids that count: for tests and for runs that must be repeated. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import { Ids } from "../Services/Ids.ts"

export const make = Effect.map(Ref.make(0), (counter) =>
  Ids.of({
    next: Effect.map(
      Ref.updateAndGet(counter, (n) => n + 1),
      (n) => `00000000-0000-7000-8000-${n.toString().padStart(12, "0")}`
    )
  })
)

/** `…-000000000001`, `…-000000000002` and so on, unique within one program only. */
export const layer: Layer.Layer<Ids> = Layer.effect(Ids, make)
