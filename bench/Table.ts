/** Figures as a reader wants them. */
import type { Absence } from "./Contest.ts"
import type { Figures } from "./Figures.ts"

/** A table for each case of the figures. */
export const print = (figures: ReadonlyArray<Figures>): string => {
  const cases = new Map<string, Array<Figures>>()
  for (const one of figures) {
    const title = `${one.row}: ${one.case} (${one.unit}/s)`
    cases.set(title, [...(cases.get(title) ?? []), one])
  }
  return Array.from(cases, ([title, ofCase]) => `${title}\n${lines(ofCase)}\n`).join("\n")
}

/** A line for somebody who took no part. */
export const printAbsence = ({ name, row, setting, why }: Absence): string =>
  `${row}: without ${name} (${setting}): ${why}`

/** A figure with the digits that mean something. */
export const count = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)))

// internal

/** Words stand left, numbers right. */
const lines = (figures: ReadonlyArray<Figures>): string => {
  const rows = [header, ...figures.map(cells)]
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const cell = (text: string, column: number) =>
    column < 2 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0)
  return rows.map((row) => `  ${row.map(cell).join("  ")}`.trimEnd()).join("\n")
}

const header = ["", "", "median", "min", "max", "of bare", "of equal", "cpu µs", "peak MB"]

const cells = (figures: Figures): ReadonlyArray<string> => [
  figures.name,
  figures.setting,
  ...[figures.median, figures.min, figures.max].map(count),
  ...[figures.ofBare, figures.ofEqual].map((ratio) => ratio?.toFixed(2) ?? ""),
  figures.cpu.toFixed(1),
  (figures.memory / 1e6).toFixed(0)
]
