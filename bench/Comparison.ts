/** Finds what has become slower: ratios of this run beside those that were committed. */
import type { Outcome } from "./Reach.ts"
import { digits } from "./ReachTable.ts"
import type { Ratios } from "./Ratios.ts"
import { nameOf } from "./Ratios.ts"

/** How much of a ratio may be lost: the figures of a quick run are rough. */
export const tolerance = 0.3

/** A ratio then and now. */
export interface Comparison {
  readonly name: string
  readonly before: number
  readonly now: number
  /** The share that is lost: below zero when it is better now. */
  readonly loss: number
}

/** Compares what was measured now and is known from before. */
export const compare = (before: Ratios, outcomes: ReadonlyArray<Outcome>): ReadonlyArray<Comparison> =>
  outcomes.flatMap((outcome) => {
    const name = nameOf(outcome.goal)
    const known = before[name]
    if (outcome.verdict === "not measured" || known === undefined) return []
    const now = outcome.ratio.median
    // A share of speed in both cases: what takes twice as long has lost a half.
    const kept = "atLeast" in outcome.goal.reach ? now / known : known / now
    return [{ name, before: known, now, loss: 1 - kept }]
  })

/** Whether somebody has to look. */
export const isLost = ({ loss }: Comparison): boolean => loss > tolerance

/** A line for each comparison, and one for what it comes to. */
export const print = (comparisons: ReadonlyArray<Comparison>): string => {
  const lost = comparisons.filter(isLost).length
  return [
    `${"".padEnd(66)}${"before".padStart(8)}${"now".padStart(8)}${"change".padStart(9)}`,
    ...comparisons.map(line),
    `${comparisons.length} ratios compared, ${lost} lost more than ${tolerance * 100} %`
  ].join("\n")
}

// internal

const line = (comparison: Comparison): string => {
  const { before, loss, name, now } = comparison
  const change = `${loss > 0 ? "-" : "+"}${Math.abs(loss * 100).toFixed(0)} %`
  const cells = `${name.padEnd(66)}${digits(before).padStart(8)}${digits(now).padStart(8)}${change.padStart(9)}`
  return isLost(comparison) ? `${cells}  lost` : cells
}
