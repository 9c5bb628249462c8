/** The goals as a reader wants them. */
import type { Goal } from "./Goals.ts"
import type { Outcome, Ratio } from "./Reach.ts"

/** A line for each goal, and below them why some were not measured. */
export const print = (outcomes: ReadonlyArray<Outcome>): string => {
  const lines = [["to reach", "against", "ratio (min..max)", "aim"], ...outcomes.map(cells)].map(
    ([work = "", against = "", ratio = "", aim = "", verdict = ""]) =>
      `${work.padEnd(38)}${against.padEnd(30)}${ratio.padEnd(18)}${aim.padEnd(7)}${verdict}`.trimEnd()
  )
  const reasons = outcomes.flatMap((one) => (one.verdict === "not measured" ? [one.why] : []))
  return [...lines, ...[...new Set(reasons)].map((why) => `not measured: ${why}`)].join("\n")
}

/** A ratio with the digits that mean something. */
export const digits = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)

/** What a ratio is to be. */
export const aim = ({ reach }: Goal): string =>
  "atLeast" in reach ? `≥ ${reach.atLeast}` : `≤ ${reach.atMost}`

// internal

const cells = (outcome: Outcome): ReadonlyArray<string> => {
  const { goal, verdict } = outcome
  const shown = verdict === "not measured" ? [verdict, aim(goal)] : [range(outcome.ratio), aim(goal), verdict]
  return [goal.work, goal.against, ...shown]
}

const range = ({ max, median, min }: Ratio): string => `${digits(median)} (${digits(min)}..${digits(max)})`
