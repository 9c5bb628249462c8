/** Chance that can be repeated: everything random in a run comes from its seed. */
import * as Array from "effect/Array"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Random from "effect/Random"
import type * as Scope from "effect/Scope"
import type { Outcome, Schedule } from "./Fault.ts"

/**
 * Makes the runs of a schedule, one after another. Each returns the promises that did not hold; a run that fails
 * or dies is one of them. `effect/Random`, and with it every jittered Schedule, depends on nothing but the seed of
 * the run, which is the schedule's plus the number of the run: so `--seed <that> --runs 1` repeats it alone.
 */
export const runs = <E>(
  schedule: Schedule,
  run: (seed: number) => Effect.Effect<ReadonlyArray<string>, E, Scope.Scope>
): Effect.Effect<Outcome> =>
  Effect.map(
    Effect.forEach(seeds(schedule), (seed) =>
      Effect.map(seeded(seed, Effect.scoped(broken(run(seed)))), (violations) =>
        violations.map((violation) => `seed ${seed}: ${violation}`)
      )
    ),
    (violations) => ({ runs: schedule.runs, violations: violations.flat() })
  )

/** The seed of each run of a schedule. */
export const seeds = ({ runs, seed }: Schedule): ReadonlyArray<number> =>
  Array.makeBy(runs, (run) => seed + run)

/** Takes everything random in an effect from a seed. */
export const seeded = <A, E, R>(seed: number, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.withRandom(effect, Random.make(seed))

/** A value of an arbitrary, from the chance of the run. */
export const one = <A>(arbitrary: FastCheck.Arbitrary<A>): Effect.Effect<A> =>
  Random.nextIntBetween(0, 2 ** 31 - 1).pipe(
    Effect.flatMap((seed) => Array.head(FastCheck.sample(arbitrary, { numRuns: 1, seed }))),
    Effect.orDie
  )

// internal

/** What a run says, or that it did not come to an end. */
const broken = <E, R>(run: Effect.Effect<ReadonlyArray<string>, E, R>) =>
  Effect.catchAllCause(run, (cause) =>
    Cause.isInterruptedOnly(cause) ? Effect.interrupt : Effect.succeed([`failed: ${Cause.pretty(cause)}`])
  )
