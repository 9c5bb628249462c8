/** How long something usually takes: a slow moment, such as a checkpoint of the disk, does not count. */
import * as Effect from "effect/Effect"
import { median } from "./Figures.ts"

/** The seconds that so many runs take if each takes as long as the one in the middle. */
export const ofEffects = <E, R>(
  runs: number,
  one: Effect.Effect<unknown, E, R>
): Effect.Effect<number, E, R> =>
  Effect.gen(function* () {
    const times: Array<number> = []
    for (let run = 0; run < runs; run += 1) {
      const begin = performance.now()
      yield* one
      times.push((performance.now() - begin) / 1e3)
    }
    return median(times) * runs
  })

/** The same of plain calls. */
export const ofCalls = (runs: number, one: () => void): number => {
  const times: Array<number> = []
  for (let run = 0; run < runs; run += 1) {
    const begin = performance.now()
    one()
    times.push((performance.now() - begin) / 1e3)
  }
  return median(times) * runs
}
