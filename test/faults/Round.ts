/** Every fault with every seed, three processes at a time. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Fault, Outcome, Schedule } from "./Fault.ts"
import * as FaultProcess from "./FaultProcess.ts"

/** A fault that was tried with one schedule. */
export interface Trial {
  readonly fault: Fault
  readonly schedule: Schedule
  readonly outcome: Outcome
  readonly seconds: number
}

/** What is tried, and how. */
export interface Options {
  /** The URL of the module that exports `faults`. */
  readonly module: string
  readonly faults: ReadonlyArray<Fault>
  readonly seeds: ReadonlyArray<number>
  /** With all seeds together. */
  readonly runs: (fault: Fault) => number
  /** How long the `ci` runs of one fault may take; more runs may take longer. */
  readonly limit: Duration.Duration
}

/** Tries them; `tell` hears of a fault as soon as all its seeds are done. */
export const run = (
  { faults, limit, module, runs, seeds }: Options,
  tell: (fault: Fault, trials: ReadonlyArray<Trial>) => Effect.Effect<void>
): Effect.Effect<ReadonlyArray<Trial>> =>
  Effect.gen(function* () {
    const turns = yield* Effect.makeSemaphore(processes)
    const trial = (fault: Fault, seed: number) => {
      const schedule = { runs: Math.ceil(runs(fault) / seeds.length), seed }
      const longer = Duration.times(limit, Math.max(1, schedule.runs / fault.ci))
      return FaultProcess.run(fault, schedule, { module, limit: longer }).pipe(
        timed,
        Effect.map(([outcome, seconds]): Trial => ({ fault, schedule, outcome, seconds })),
        turns.withPermits(1)
      )
    }
    const trials = yield* Effect.forEach(
      faults,
      (fault) =>
        Effect.forEach(seeds, (seed) => trial(fault, seed), { concurrency: processes }).pipe(
          Effect.tap((trials) => tell(fault, trials))
        ),
      { concurrency: processes }
    )
    return trials.flat()
  })

/** What an effect returns, and how many seconds it took. */
export const timed = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<readonly [A, number], E, R> =>
  Effect.map(Effect.timed(effect), ([duration, value]) => [value, Duration.toSeconds(duration)])

// internal

/** Two cores are busy with three: some of them wait, for a lease or for a process that they have started. */
const processes = 3
