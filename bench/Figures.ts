/** What the rounds of a contender say together. */
import type { Score } from "./Contest.ts"

/** A score with its figures. */
export interface Figures extends Score {
  readonly median: number
  readonly min: number
  readonly max: number
  /** The median of the processors' microseconds per unit. */
  readonly cpu: number
  /** The most memory that the process has had by the end, in bytes. */
  readonly memory: number
  /** How fast compared with SQL by hand on the fewest tables; absent where there is none. */
  readonly ofBare?: number
  /** How fast compared with SQL by hand on everfold's tables. */
  readonly ofEqual?: number
}

/** The figures of scores, which bring their references with them. */
export const from = (scores: ReadonlyArray<Score>): ReadonlyArray<Figures> =>
  scores.map((score) => {
    const speeds = score.rounds.map(({ speed }) => speed)
    const ratioTo = (name: Score["name"]) => {
      const reference = scores.find(
        (other) =>
          other.name === name &&
          other.row === score.row &&
          other.case === score.case &&
          other.setting === score.setting
      )
      return reference && median(ratios(score, reference, ({ speed }) => speed))
    }
    const ofBare = ratioTo("bare")
    const ofEqual = ratioTo("equal")
    return {
      ...score,
      median: median(speeds),
      min: Math.min(...speeds),
      max: Math.max(...speeds),
      cpu: median(score.rounds.map(({ cpu }) => cpu)),
      memory: Math.max(...score.rounds.map(({ memory }) => memory)),
      ...(ofBare === undefined ? {} : { ofBare }),
      ...(ofEqual === undefined ? {} : { ofEqual })
    }
  })

/** A measure of one score in that of another, round by round: neighbours in time are compared. */
export const ratios = (
  score: Pick<Score, "rounds">,
  reference: Pick<Score, "rounds">,
  measure: (round: Score["rounds"][number]) => number
): ReadonlyArray<number> =>
  score.rounds.flatMap((round, index) => {
    const other = reference.rounds[index]
    return other === undefined ? [] : [measure(round) / measure(other)]
  })

/** The one in the middle, or between the two in the middle. */
export const median = (values: ReadonlyArray<number>): number => {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2
}
