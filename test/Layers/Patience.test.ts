import { expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Patience from "../../src/Layers/Patience.ts"

it.effect("who has failed together waits longer each time, and never comes back in step", () =>
  Effect.gen(function* () {
    const waits = Effect.map(
      Schedule.run(Schedule.delays(Patience.schedule), 0, Array(40).fill(undefined)),
      (delays) => [...delays].map(Duration.toMillis)
    )
    const [one, other] = [yield* waits, yield* waits]
    expect(one[0]).toBeLessThan(100)
    expect(Math.max(...one)).toBeLessThanOrEqual(6000)
    expect(Math.min(...one.slice(10))).toBeGreaterThanOrEqual(4000)
    expect(one.filter((wait, index) => wait === other[index])).toEqual([])
  })
)
