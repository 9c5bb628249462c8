import { describe, expect, it } from "@effect/vitest"
import { type Event, QueueDoorbell } from "everfold"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import { simulated } from "../faults/Simulation.ts"

const rings = Array.from({ length: 20 }, (_, index) => index + 1)

const page = (to: number): Event.Page => ({ after: to - 1, to, time: 0, events: [] })

/** Rings, and goes on as soon as that was heard. */
const rung = Effect.scoped(
  Effect.gen(function* () {
    const doorbell = yield* QueueDoorbell.make
    const heard = yield* Queue.unbounded<Event.Page | undefined>()
    const listen = Effect.flatMap(
      doorbell.rung(() => false),
      (news) => Queue.offer(heard, news)
    )
    yield* Effect.forkScoped(Effect.forever(listen))
    return yield* Effect.forEach(rings, (to) =>
      Effect.zipRight(
        Effect.sync(() => doorbell.ring(page(to))),
        Queue.take(heard)
      )
    )
  })
)

describe("a doorbell inside one process", () => {
  it.effect.each(Array.from({ length: 50 }, (_, index) => index + 1))(
    "is heard whenever it rings, whoever gives way in between: seed %i",
    (seed) =>
      Effect.gen(function* () {
        const heard = yield* rung.pipe(Effect.timeout("1 hour"), simulated({ seed, share: 0.2 }))
        expect(heard).toEqual(rings.map(page))
      })
  )

  it.effect("brings what nobody waited for as one, and nothing when that is more than it keeps", () =>
    Effect.gen(function* () {
      const { ring, rung } = yield* QueueDoorbell.make
      const heard = rung(() => false)
      for (const to of [1, 2, 3]) ring(page(to))
      expect(yield* heard).toEqual({ ...page(3), after: 0 })
      for (const to of rings) ring(page(to))
      expect(yield* heard).toEqual({ ...page(20), after: 4 })
      ring(page(1))
      ring()
      expect(yield* heard).toBeUndefined()
    })
  )
})
