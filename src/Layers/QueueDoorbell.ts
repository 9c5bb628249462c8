/** A doorbell inside one process: a sliding queue of rings, which are heard together with what they have brought. */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Mailbox from "effect/Mailbox"
import * as Append from "../Domain/Append.ts"
import type { Page } from "../Domain/Event.ts"
import { Doorbell } from "../Services/Doorbell.ts"

export const make = Effect.map(
  Mailbox.make<Page | undefined>({ capacity: 1000, strategy: "sliding" }),
  (rings) =>
    Doorbell.of({
      ring: (news) => Effect.sync(() => void rings.unsafeOffer(news)),
      rung: Effect.map(rings.takeAll, ([news]) => Append.joined(Chunk.toReadonlyArray(news)))
    })
)

/** Wakes the bus of this process; commits of other processes are found by its poll. */
export const layer: Layer.Layer<Doorbell> = Layer.effect(Doorbell, make)
