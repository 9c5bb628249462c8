/** The flags of the faults. */
import { parseArgs } from "node:util"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/** What is to be tried, and how often. */
export interface Flags {
  readonly help: boolean
  readonly full: boolean
  /** Go round until this many minutes are over. */
  readonly minutes: number | undefined
  readonly seed: number | undefined
  readonly runs: number | undefined
  readonly only: ReadonlyArray<string> | undefined
}

/** The command line makes no sense. */
export class UsageError extends Data.TaggedError("UsageError")<{ readonly message: string }> {}

/** What `--help` prints. */
export const help = `
Tries what the kit has to survive, and prints what did not hold.

Usage: npm run test:faults -- [options]
       npm run soak -- --minutes N

  --full         as many runs as the promise is worth, instead of a tenth
  --only NAMES   these faults, separated by commas; "mutants" is one
  --seed S       this seed instead of a fixed one and a fresh one. The n-th run
                 has the seed S + n - 1, so that --runs 1 can repeat it alone
  --runs N       so many runs of each fault
  --help         this text

Exit code: 0 when everything held and every mutant was caught, 1 when not, 2
when a flag is wrong.
`.trim()

/** Reads the arguments of a command line. */
export const parse = (args: ReadonlyArray<string>): Effect.Effect<Flags, UsageError> =>
  Effect.gen(function* () {
    const { full, help, minutes, only, runs, seed, soak } = yield* Effect.try({
      try: () => parseArgs({ args: [...args], options }).values,
      catch: (error) => new UsageError({ message: error instanceof Error ? error.message : String(error) })
    })
    return {
      help,
      full,
      minutes: (yield* number("minutes", minutes, /^\d+(\.\d+)?$/)) ?? (soak ? 10 : undefined),
      seed: yield* number("seed", seed),
      runs: yield* number("runs", runs),
      only: only?.split(",").map((name) => name.trim())
    }
  })

// internal

const options = {
  help: { type: "boolean", short: "h", default: false },
  full: { type: "boolean", default: false },
  soak: { type: "boolean", default: false },
  minutes: { type: "string" },
  seed: { type: "string" },
  runs: { type: "string" },
  only: { type: "string" }
} as const

const number = (
  flag: string,
  text: string | undefined,
  pattern = /^[1-9]\d{0,9}$/
): Effect.Effect<number | undefined, UsageError> =>
  text === undefined || pattern.test(text)
    ? Effect.succeed(text === undefined ? undefined : Number(text))
    : new UsageError({ message: `--${flag} is a positive number, not "${text}"` })
