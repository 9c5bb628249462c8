/** A fault that the kit has to survive, and what came of trying it. */
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** How often a fault is tried, and what chance depends on: the same schedule does the same things. */
export interface Schedule {
  readonly runs: number
  readonly seed: number
}

/** What was tried, and each promise that did not hold, in a sentence. */
export const Outcome = Schema.Struct({
  runs: Schema.Number,
  violations: Schema.Array(Schema.String),
  /** Why it could not be tried here. */
  skipped: Schema.optionalWith(Schema.String, { exact: true }),
  /** A table of its own, printed below the others; 76 characters wide at most. */
  lines: Schema.optionalWith(Schema.Array(Schema.String), { exact: true })
})
export interface Outcome extends Schema.Schema.Type<typeof Outcome> {}

/** Something that goes wrong, as often and as differently as it takes. */
export interface Fault {
  /** In kebab case; what `--only` takes. */
  readonly name: string
  /** What the table prints: a promise or a danger, in 44 characters at most. */
  readonly title: string
  /** How many runs the promise is worth. */
  readonly full: number
  /** How many are made every day: a tenth, and at least 3. */
  readonly ci: number
  readonly run: (schedule: Schedule) => Effect.Effect<Outcome, unknown>
}

/** What came of several schedules, taken together. */
export const together = (outcomes: ReadonlyArray<Outcome>): Outcome => {
  const skipped = outcomes.find((outcome) => outcome.skipped !== undefined)?.skipped
  return {
    runs: outcomes.reduce((sum, { runs }) => sum + runs, 0),
    violations: outcomes.flatMap(({ violations }) => violations),
    lines: outcomes.flatMap(({ lines }) => lines ?? []),
    ...(skipped !== undefined && { skipped })
  }
}
