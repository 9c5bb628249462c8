/** The ratios of a run that are kept, so that a later run can be compared with them. */
import type { Goal } from "./Goals.ts"
import type { Outcome } from "./Reach.ts"

/** A ratio for each goal that was measured, under its name. */
export type Ratios = Readonly<Record<string, number>>

/** What is kept of the outcomes of a run. */
export const of = (outcomes: ReadonlyArray<Outcome>): Ratios =>
  Object.fromEntries(
    outcomes.flatMap((outcome) =>
      outcome.verdict === "not measured" || outcome.goal.measure === "refusals"
        ? []
        : [[nameOf(outcome.goal), Number(outcome.ratio.median.toPrecision(3))] as const]
    )
  )

/** What a goal is called among the ratios. */
export const nameOf = ({ against, work }: Goal): string => `${work} | ${against}`
