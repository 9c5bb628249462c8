/** A doorbell inside one process: it keeps the rings that the bus has not taken at once, the newest of them. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Page } from "../Domain/Event.ts"
import * as News from "../Domain/News.ts"
import { Doorbell } from "../Services/Doorbell.ts"

export const make = Effect.map(Effect.makeLatch(), (bell) => {
  const rings: Array<Page | undefined> = []
  let takes = (_: Page) => false
  // Open from the first ring on that nobody has heard: no ring can fall between a look and the wait.
  const heard = Effect.map(bell.await, () => {
    bell.unsafeClose()
    return News.joined(rings.splice(0))
  })
  return Doorbell.of({
    ring: (news) => {
      if (news !== undefined && takes(news)) return
      rings.push(news)
      // What is dropped is read from the log.
      if (rings.length > most) rings.shift()
      bell.unsafeOpen()
    },
    rung: (atOnce) =>
      Effect.suspend(() => {
        takes = atOnce
        return heard
      })
  })
})

/** Wakes the bus of this process; commits of other processes are found by its poll. */
export const layer: Layer.Layer<Doorbell> = Layer.effect(Doorbell, make)

// internal

/** How many rings are kept. */
const most = 16
