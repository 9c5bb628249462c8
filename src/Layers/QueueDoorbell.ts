/** A doorbell inside one process: a sliding queue of the rings that the bus has not taken at once. */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Mailbox from "effect/Mailbox"
import type { Page } from "../Domain/Event.ts"
import * as News from "../Domain/News.ts"
import { Doorbell } from "../Services/Doorbell.ts"

export const make = Effect.map(
  // What slides out of it is read from the log.
  Mailbox.make<Page | undefined>({ capacity: 16, strategy: "sliding" }),
  (rings) => {
    let takes = (_: Page) => false
    const heard = Effect.map(rings.takeAll, ([news]) => News.joined(Chunk.toReadonlyArray(news)))
    return Doorbell.of({
      ring: (news) => {
        if (news === undefined || !takes(news)) rings.unsafeOffer(news)
      },
      rung: (atOnce) =>
        Effect.suspend(() => {
          takes = atOnce
          return heard
        })
    })
  }
)

/** Wakes the bus of this process; commits of other processes are found by its poll. */
export const layer: Layer.Layer<Doorbell> = Layer.effect(Doorbell, make)
