/** How operations have ended that met trouble. */
import * as Effect from "effect/Effect"
import type { Result } from "./Case.ts"

/** Counts, and the table of what was counted. */
export interface Tally {
  readonly add: (name: string, results: ReadonlyArray<Result>) => Effect.Effect<void>
  readonly lines: () => ReadonlyArray<string>
}

export const make = (): Tally => {
  const entries = new Map<string, Entry>()
  return {
    add: (name, results) =>
      Effect.sync(() => {
        const entry = entries.get(name) ?? { statements: 0, cases: 0, outcomes: new Map() }
        entries.set(name, entry)
        // The last one has met nothing.
        entry.statements = Math.max(entry.statements, results.length - 1)
        entry.cases += results.length
        for (const outcome of results.flatMap(({ outcomes }) => outcomes)) {
          entry.outcomes.set(outcome, (entry.outcomes.get(outcome) ?? 0) + 1)
        }
      }),
    lines: () => [
      columns("", ["stmts", "cases", ...Object.values(headings)]),
      ...[...entries].map(([name, { cases, outcomes, statements }]) =>
        columns(name, [statements, cases, ...Object.keys(headings).map((one) => outcomes.get(one) ?? 0)])
      )
    ]
  }
}

// internal

interface Entry {
  statements: number
  cases: number
  readonly outcomes: Map<string, number>
}

const headings = { done: "done", Busy: "Busy", Full: "Full", Unavailable: "Unav.", OutcomeUnknown: "Unkn." }

const columns = (name: string, cells: ReadonlyArray<string | number>): string =>
  name.padEnd(32) + cells.map((cell) => String(cell).padStart(6)).join("")
