/** The n-th statement fails, n = 1, 2, 3 …, until an operation is done before it comes to that. */
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Chance from "../Chance.ts"
import type { Fault } from "../Fault.ts"
import * as Case from "./Case.ts"
import { leaping } from "./LeapingClock.ts"
import { operations } from "./Operations.ts"
import * as Tally from "./Tally.ts"
import { tasks } from "./Tasks.ts"
import * as Trouble from "./Trouble.ts"
import * as World from "./World.ts"

/** Something that is tried, with one trouble and on the files of a history. */
interface Subject {
  readonly name: string
  readonly attempt: (trouble: Trouble.Trouble, history: string) => Effect.Effect<Case.Result, unknown>
}

const subjects: ReadonlyArray<Subject> = [
  ...tasks.map((one) => ({
    name: one.name,
    attempt: (trouble: Trouble.Trouble, history: string) => Case.working(one, trouble, history)
  })),
  ...operations.map((one) => ({
    name: one.name,
    attempt: (trouble: Trouble.Trouble, history: string) => Case.operating(one, trouble, history)
  }))
]

const plans = subjects.flatMap((subject) => Trouble.kinds.map((kind) => ({ subject, kind })))

/** Each run is an operation with one kind of trouble, at each of its statements. */
export const fault: Fault = {
  name: "statements",
  title: "the n-th statement of an operation fails",
  full: plans.length,
  ci: 10,
  run: (schedule) =>
    Effect.gen(function* () {
      Trouble.install()
      const history = yield* World.history
      const tally = Tally.make()
      const outcome = yield* Chance.runs(schedule, (seed) => {
        // From one run to the next another operation, and another kind of trouble.
        const { kind, subject } = plans[(seed * (Trouble.kinds.length + 1)) % plans.length] ?? raise()
        return each((nth) => subject.attempt({ ...kind, nth }, history)).pipe(
          Effect.tap((results) => tally.add(subject.name, results)),
          Effect.map((results) =>
            results.flatMap(({ struck, violations }, index) => {
              const at = struck === undefined ? "" : `, ${struck.file} ${struck.sql.slice(0, 60)}`
              const where = `${subject.name}, statement ${index + 1} ${kind.manner.name} (${kind.complaint.name}${at})`
              return violations.map((violation) => `${where}: ${violation}`)
            })
          )
        )
      })
      return { ...outcome, lines: tally.lines() }
    }).pipe(Effect.scoped, leaping, Logger.withMinimumLogLevel(LogLevel.None))
}

// internal

/** Tries the first statement, the second, and so on, until there is none. */
const each = (attempt: (nth: number) => Effect.Effect<Case.Result, unknown>) =>
  Effect.gen(function* () {
    const results: Array<Case.Result> = []
    do results.push(yield* attempt(results.length + 1))
    while (results.at(-1)?.struck !== undefined)
    return results
  })

const raise = (): never => {
  throw new Error("there is a plan for each seed")
}
