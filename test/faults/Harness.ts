/** Tries what a command line asks for, and prints what came of it. */
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Mutant from "../mutants/Mutant.ts"
import * as Mutants from "../mutants/Mutants.ts"
import type { Fault } from "./Fault.ts"
import * as Flags from "./Flags.ts"
import * as Report from "./Report.ts"
import * as Round from "./Round.ts"

/** Where the faults are. */
export interface Options {
  /** The URL of a module that exports `faults`. */
  readonly module: string
  readonly faults: ReadonlyArray<Fault>
}

/** Something did not hold. */
export class Violated extends Data.TaggedError("Violated")<{ readonly message: string }> {}

/** Fails when something did not hold. */
export const main = (
  args: ReadonlyArray<string>,
  options: Options
): Effect.Effect<void, Flags.UsageError | Violated> =>
  Effect.gen(function* () {
    const flags = yield* Flags.parse(args)
    if (flags.help) return yield* print(Flags.help, "", ...Report.list(options.faults))
    const round = yield* chosen(flags, options)
    const test = flags.minutes === undefined ? once(flags, round) : soak(flags.minutes, round)
    const [held, seconds] = yield* Round.timed(test)
    if (!held) return yield* new Violated({ message: `not everything held (${seconds.toFixed(0)} s)` })
    yield* print(`\nEverything held (${seconds.toFixed(0)} s).`)
  })

// internal

/** The seed of every day: whoever breaks something sees the same as everybody else. */
const fixed = 1

/** Seeds that are easily told from each other and typed again. */
const fresh = Random.nextIntBetween(100_000, 1_000_000)

/** What can be chosen beside the faults. */
const mutants = "mutants"

type Chosen = Omit<Round.Options, "seeds">

const chosen = (flags: Flags.Flags, { faults, module }: Options) => {
  const { full, only, runs } = flags
  const unknown = only?.find((name) => name !== mutants && faults.every((fault) => fault.name !== name))
  return unknown === undefined
    ? Effect.succeed<Chosen>({
        module,
        faults: faults.filter(({ name }) => only?.includes(name) ?? true),
        runs: (fault) => runs ?? (full ? fault.full : fault.ci),
        limit: Duration.minutes(4)
      })
    : new Flags.UsageError({ message: `there is no fault "${unknown}"; --help lists them` })
}

const once = ({ full, only, seed }: Flags.Flags, round: Chosen) =>
  Effect.gen(function* () {
    const seeds = seed !== undefined ? [seed] : full ? [yield* fresh] : [fixed, yield* fresh]
    const withMutants = only?.includes(mutants) ?? true
    const held = round.faults.length === 0 || (yield* table({ ...round, seeds }))
    return (!withMutants || (yield* Mutants.main(Mutant.all()))) && held
  })

const table = (round: Round.Options) =>
  Effect.gen(function* () {
    yield* print(`Seeds: ${round.seeds.join(" and ")}\n`, Report.header)
    const trials = yield* Round.run(round, (...row) => print(Report.row(...row)))
    yield* print(...trials.flatMap(Report.details), ...trials.flatMap(Report.violations))
    return held(trials)
  })

/** Round after round with fresh seeds, until the time is up. What does not hold is told at once. */
const soak = (minutes: number, round: Chosen) =>
  Effect.gen(function* () {
    const trials: Array<Round.Trial> = []
    const tell = (_: Fault, some: ReadonlyArray<Round.Trial>) => {
      trials.push(...some)
      return print(...some.flatMap(Report.violations))
    }
    yield* fresh.pipe(
      Effect.tap((seed) => print(`Seed ${seed}`)),
      Effect.flatMap((seed) => Round.run({ ...round, seeds: [seed] }, tell)),
      Effect.forever,
      Effect.timeoutOption(`${minutes} minutes`)
    )
    const rows = round.faults.map((fault) =>
      Report.row(
        fault,
        trials.filter((trial) => trial.fault === fault)
      )
    )
    yield* print("", Report.header, ...rows)
    return trials.length > 0 && held(trials)
  })

const held = (trials: ReadonlyArray<Round.Trial>) =>
  trials.every(({ outcome }) => outcome.violations.length === 0)

const print = (...lines: ReadonlyArray<string>) =>
  lines.length === 0 ? Effect.void : Console.log(lines.join("\n"))
