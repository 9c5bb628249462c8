/** The answer to a command is lost after the commit: sent again, it gets the receipt of the first, and one effect. */
import * as Effect from "effect/Effect"
import * as Chance from "../Chance.ts"
import type { Fault } from "../Fault.ts"
import { interleaved } from "../Interleaving.ts"
import * as WriteSide from "../WriteSide.ts"
import { untried } from "./Contexts.ts"
import type { Sample } from "./Samples.ts"
import { samples } from "./Samples.ts"
import { situations } from "./Situation.ts"
import type { Loss } from "./Trial.ts"
import { run } from "./Trial.ts"

/** Each run is one kind of command, in every situation, in memory and on a file. */
export const fault: Fault = {
  name: "lost-acknowledgement",
  title: "the answer is lost after the commit",
  full: 20 * samples.length,
  ci: samples.length,
  run: (schedule) =>
    Effect.gen(function* () {
      const missing = yield* untried
      const outcome = yield* Chance.runs(schedule, (seed) =>
        Effect.flatMap(Effect.fromNullable(samples[seed % samples.length]), (sample) =>
          Effect.map(Effect.forEach(trials, tried(sample, seed)), (violations) => violations.flat())
        )
      )
      return { ...outcome, violations: [...missing, ...outcome.violations] }
    })
}

// internal

const losses: ReadonlyArray<Loss> = ["an error", "silence"]

const trials = [WriteSide.memory, WriteSide.file].flatMap((place) =>
  situations
    .filter(({ reopened }) => place.onFile || !reopened)
    .flatMap((situation) => losses.map((loss) => ({ place, situation, loss })))
)

const tried =
  (sample: Sample, seed: number) =>
  ({ loss, place, situation }: (typeof trials)[number]) =>
    run(place, sample, situation, loss).pipe(
      Effect.scoped,
      interleaved({ seed, share: place.share }),
      Effect.disconnect,
      Effect.timeout("20 seconds"),
      Effect.map((violations) =>
        violations.map((why) => `${sample.command._tag} ${situation.name} (${place.name}, ${loss}): ${why}`)
      )
    )
