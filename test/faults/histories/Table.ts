/** How often each step occurred in the histories, and what came of it. */

/** Counts steps by kind and outcome. */
export interface Table {
  readonly count: (kind: string, outcome: string) => void
  /** Each kind with its share of all steps, and its outcomes with their shares of the kind. */
  readonly lines: () => ReadonlyArray<string>
  /** What occurred too seldom to be worth anything, or should not have occurred at all. */
  readonly violations: () => ReadonlyArray<string>
}

/** A table of kinds, each with what may come of it. */
export const make = (kinds: ReadonlyMap<string, ReadonlyArray<string>>): Table => {
  const counts = new Map(
    Array.from(kinds, ([kind, outcomes]) => [kind, new Map(outcomes.map((outcome) => [outcome, 0]))] as const)
  )
  const strange = new Set<string>()
  const all = () => sum(Array.from(counts.values(), (outcomes) => sum(outcomes.values())))
  const rows = () =>
    Array.from(counts, ([kind, outcomes]) => {
      const times = sum(outcomes.values())
      return {
        kind,
        share: times / all(),
        outcomes: Array.from(outcomes, ([outcome, count]) => ({ outcome, share: count / times }))
      }
    })
  return {
    count: (kind, outcome) => {
      const known = counts.get(kind)?.get(outcome)
      if (known === undefined) strange.add(`${kind} came out as: ${outcome}`)
      else counts.get(kind)?.set(outcome, known + 1)
    },
    lines: () => [
      `${all().toLocaleString("en")} steps; each kind's share of them, and what came of it`,
      ...rows().map(({ kind, outcomes, share }) => {
        const parts = outcomes.map(({ outcome, share }) => `${outcome} ${percent(share)}`)
        return `${kind.padEnd(22)}${percent(share).padStart(5)}  ${parts.join(", ")}`
      })
    ],
    violations: () => [
      ...strange,
      ...(all() < enough
        ? []
        : rows().flatMap(({ kind, outcomes, share }) => [
            ...rare(kind, share),
            ...outcomes.flatMap((one) => rare(`${kind}: ${one.outcome}`, one.share))
          ]))
    ]
  }
}

// internal

/** Fewer steps say nothing about shares. */
const enough = 10_000

/**
 * What occurs less often is hardly tried. The rarest that there is occurs twice as often, so that no seed falls below it
 * by chance.
 */
const least = 0.01

const rare = (what: string, share: number) =>
  share >= least ? [] : [`too seldom: ${what}, ${percent(share)}`]

const percent = (share: number) => `${(100 * share).toFixed(1)}%`

const sum = (numbers: Iterable<number>) => Array.from(numbers).reduce((total, one) => total + one, 0)
