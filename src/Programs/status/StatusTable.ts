/** Subscribers as a table for a terminal, and as lines of JSON for a program. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import type { Line } from "./SubscriptionStatus.ts"
import { say } from "../Terminal.ts"

/** One aligned table, and below it the last error of each that has one. */
export const print = (lines: ReadonlyArray<Line>): Effect.Effect<void> =>
  Effect.gen(function* () {
    if (lines.length === 0) return yield* say("No subscriber has ever run here.")
    yield* Console.log(aligned([headings, ...lines.map(cells)]).join("\n"))
    const errors = lines.filter(({ error }) => error !== undefined)
    if (errors.length > 0) yield* Console.log("")
    for (const { error, halted, name } of errors) {
      yield* say(`${halted ? "halted" : "error"}: ${name}: ${error}`)
    }
  })

/** One line of JSON for each subscriber; what is unknown is `null`. */
export const printJson = (lines: ReadonlyArray<Line>): Effect.Effect<void> =>
  Effect.forEach(
    lines,
    (line) => Console.log(JSON.stringify(line, (_, value: unknown) => (value === undefined ? null : value))),
    { discard: true }
  )

/** A number of seconds in the unit that suits it. */
export const showSeconds = (seconds: number): string => {
  const [divisor, unit] = units.find(([least]) => seconds >= least) ?? [1, "s"]
  return `${Math.round(seconds / divisor)} ${unit}`
}

// internal

const headings = [
  "NAME",
  "KIND",
  "STATUS",
  "POSITION",
  "LAG",
  "BEHIND",
  "RATE",
  "ETA",
  "ERRORS",
  "PARKED",
  "RUN BY"
]

/** Figures stand to the right. */
const figures = new Set(["POSITION", "LAG", "BEHIND", "RATE", "ETA", "ERRORS", "PARKED"])

const units = [
  [86_400, "d"],
  [3600, "h"],
  [60, "m"]
] as const

const cells = (line: Line): ReadonlyArray<string> => [
  line.name,
  line.kind?.toLowerCase() ?? "–",
  words[line.status],
  known(line.position, String),
  known(line.lag, String),
  known(line.behind, showSeconds),
  line.rate === 0 ? "–" : `${Math.round(line.rate)}/s`,
  known(line.eta, showSeconds),
  String(line.errors),
  String(line.parked),
  line.owner?.slice(-8) ?? "nobody"
]

const known = (figure: number | undefined, show: (figure: number) => string) =>
  figure === undefined ? "–" : show(figure)

const words: { readonly [Status in Line["status"]]: string } = {
  CatchingUp: "catching up",
  Live: "live",
  Rebuilding: "rebuilding",
  Retrying: "retrying",
  Halted: "halted",
  Paused: "paused",
  Elsewhere: "elsewhere",
  NotRunning: "not running",
  Unknown: "unknown"
}

const aligned = (rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => {
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return figures.has(headings[column] ?? "") ? cell.padStart(width) : cell.padEnd(width)
      })
      .join("  ")
      .trimEnd()
  )
}
