/** How far everfold has come with its goals. */
import type { Result, Round, Score } from "./Contest.ts"
import { median, ratios } from "./Figures.ts"
import type { Goal, Measure, Ref } from "./Goals.ts"

/** A measure of the score in that of the reference: the median of the rounds, the least and the most. */
export interface Ratio {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** What came of a goal: a ratio, or the reason why there is none. */
export type Outcome =
  | { readonly goal: Goal; readonly ratio: Ratio; readonly verdict: "reached" | "short" }
  | { readonly goal: Goal; readonly verdict: "not measured"; readonly why: string }

/** What came of goals in a run of the bench. */
export const outcomes = (goals: ReadonlyArray<Goal>, result: Result): ReadonlyArray<Outcome> =>
  goals.map((goal) => {
    const score = find(result, goal.score)
    const reference = find(result, goal.reference)
    if (score === undefined) return { goal, verdict: "not measured", why: reason(result, goal.score) }
    if (reference === undefined) return { goal, verdict: "not measured", why: reason(result, goal.reference) }
    const ratio = compare(score, reference, goal.measure ?? "speed")
    return { goal, ratio, verdict: isReached(goal, ratio) ? "reached" : "short" }
  })

// internal

const find = ({ scores }: Result, ref: Ref): Score | undefined =>
  scores.find(
    ({ case: name, ...score }) =>
      score.row === ref.row && name === ref.case && score.name === ref.name && score.setting === ref.setting
  )

const reason = ({ absences }: Result, { name, row, setting }: Ref): string => {
  const absence = absences.find((one) => one.row === row && one.name === name && one.setting === setting)
  return absence === undefined ? `the row "${row}" was left out` : `${name} (${setting}): ${absence.why}`
}

const isReached = ({ reach }: Goal, { median }: Ratio): boolean =>
  "atLeast" in reach ? median >= reach.atLeast : median <= reach.atMost

const compare = (score: Score, reference: Score, measure: Measure): Ratio => {
  // Whoever refuses a command does not come to the end of a round.
  if (measure === "refusals") return { median: 0, min: 0, max: 0 }
  const all = ratios(score, reference, measures[measure])
  return { median: median(all), min: Math.min(...all), max: Math.max(...all) }
}

const measures: Readonly<Record<Exclude<Measure, "refusals">, (round: Round) => number>> = {
  speed: ({ speed }) => speed,
  seconds: ({ speed }) => 1 / speed,
  memory: ({ memory }) => memory
}
