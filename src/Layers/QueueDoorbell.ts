/** A doorbell inside one process: a sliding queue of one ring. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import { Doorbell } from "../Services/Doorbell.ts"

export const make = Effect.map(Queue.sliding<void>(1), (rings) =>
  Doorbell.of({ ring: Effect.asVoid(Queue.offer(rings, undefined)), rung: Queue.take(rings) })
)

/** Wakes the bus of this process; commits of other processes are found by its poll. */
export const layer: Layer.Layer<Doorbell> = Layer.effect(Doorbell, make)
