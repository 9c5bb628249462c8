/** How many times as much a unit of work costs on a log that is many times as long. */
import * as Figures from "../Figures.ts"
import * as Length from "./Length.ts"

export interface Verdict extends Pick<Figures.Figures, "row" | "case" | "name"> {
  /** The setting of the shortest and of the longest log. */
  readonly from: string
  readonly to: string
  /** The median of the rounds, the lowest and the highest; 1 is no growth. */
  readonly ratio: number
  readonly min: number
  readonly max: number
}

/** The rows whose settings are lengths. */
export const rows: ReadonlyArray<string> = ["growth", "growth-command"]

/** A verdict for each case of each contender who did it on several logs. */
export const of = (figures: ReadonlyArray<Figures.Figures>): ReadonlyArray<Verdict> =>
  grouped(figures.filter(({ row }) => rows.includes(row))).flatMap((some) => {
    const byLength = [...some].sort((one, other) => Length.of(one) - Length.of(other))
    const shortest = byLength[0]
    const longest = byLength.at(-1)
    if (shortest === undefined || longest === undefined || shortest === longest) return []
    const costs = Figures.ratios(shortest, longest, ({ speed }) => speed)
    return {
      row: longest.row,
      case: longest.case,
      name: longest.name,
      from: shortest.setting,
      to: longest.setting,
      ratio: Figures.median(costs),
      min: Math.min(...costs),
      max: Math.max(...costs)
    }
  })

/** Lines for a screen. */
export const print = (verdicts: ReadonlyArray<Verdict>): string =>
  verdicts
    .map(({ case: work, from, max, min, name, ratio, to }) => {
      const lengths = `${from.replace(" events", "")} to ${to}`
      const cost = `× ${ratio.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`
      return `  ${work.padEnd(26)}${name.padEnd(10)}${lengths.padEnd(28)}cost ${cost}`
    })
    .join("\n")

// internal

/** What differs in the setting only. */
const grouped = (figures: ReadonlyArray<Figures.Figures>): ReadonlyArray<ReadonlyArray<Figures.Figures>> => {
  const groups = new Map<string, Array<Figures.Figures>>()
  for (const one of figures) {
    const key = JSON.stringify([one.row, one.case, one.name])
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()]
}
