/** Figures as a reader wants them. */
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

// internal

const lines = (figures: ReadonlyArray<Figures>): string =>
  [header, ...figures.map(cells)]
    .map(([setting = "", name = "", ...numbers]) =>
      `  ${setting.padEnd(8)}${name.padEnd(10)}${numbers.map((cell) => cell.padStart(10)).join("")}`.trimEnd()
    )
    .join("\n")

const header = ["", "", "median", "min", "max", "of bare", "of equal", "cpu µs"]

const cells = ({ cpu, max, median, min, name, ofBare, ofEqual, setting }: Figures): ReadonlyArray<string> => [
  setting,
  name,
  ...[median, min, max].map(count),
  ...[ofBare, ofEqual].map((ratio) => ratio?.toFixed(2) ?? ""),
  cpu.toFixed(1)
]

const count = (value: number): string => Math.round(value).toLocaleString("en")
