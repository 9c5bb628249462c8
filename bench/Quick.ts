/** A glance at what the goals compare, and at nothing else. */
import type { Effort } from "./Contest.ts"
import type { Ref } from "./Goals.ts"
import { goals } from "./Goals.ts"
import type { Entrant, Row } from "./Row.ts"

/** Few runs and rounds. */
export const effort: Effort = { warmup: 1, rounds: 3, share: 0.2 }

/** Those of rows that do not take long, with the cases and contenders that goals refer to. */
export const rowsOf = (rows: ReadonlyArray<Row>): ReadonlyArray<Row> =>
  rows
    .filter(({ long }) => long !== true)
    .map((row) => ({ ...row, contenders: row.contenders.filter(isFast).flatMap(neededOf(row)) }))
    .filter(({ contenders }) => contenders.length > 0)

// internal

const refs: ReadonlyArray<Ref> = goals.flatMap(({ reference, score }) => [score, reference])

const isFast = ({ slow }: Entrant): boolean => slow !== true

/** Each setting by itself: it may be needed in other cases. */
const neededOf =
  (row: Row) =>
  (entrant: Entrant): ReadonlyArray<Entrant> =>
    entrant.settings.flatMap((setting) => {
      const found = refs.filter(
        ({ name, ...ref }) => ref.row === row.name && name === entrant.name && ref.setting === setting
      )
      const cases = [...new Set(found.map((ref) => ref.case))]
      return cases.length === 0 ? [] : [{ ...entrant, settings: [setting], cases }]
    })
