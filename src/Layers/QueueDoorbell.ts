/** A doorbell inside one process: a sliding queue of one ring, which brings what those before it have brought as well. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Append from "../Domain/Append.ts"
import type { Page } from "../Domain/Event.ts"
import { Doorbell } from "../Services/Doorbell.ts"

export const make = Effect.map(Queue.sliding<void>(1), (rings) => {
  let brought: Array<Page | undefined> = []
  return Doorbell.of({
    ring: (news) =>
      Effect.suspend(() => {
        // Where nobody listens it must not become more and more.
        if (brought.length === most) brought = [undefined]
        brought.push(news)
        return Effect.asVoid(Queue.offer(rings, undefined))
      }),
    rung: Effect.map(Queue.take(rings), () => {
      const news = Append.joined(brought)
      brought = []
      return news
    })
  })
})

/** Wakes the bus of this process; commits of other processes are found by its poll. */
export const layer: Layer.Layer<Doorbell> = Layer.effect(Doorbell, make)

// internal

/** How many rings are kept apart. */
const most = 1000
