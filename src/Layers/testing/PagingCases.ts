/** What a read database promises of paging: every row once, in the order of the whole list. */
import * as Effect from "effect/Effect"
import type * as Projection from "../../Domain/Projection.ts"
import type { Cursor, Query } from "../../Services/ReadModel.ts"
import { ReadModel } from "../../Services/ReadModel.ts"
import type { Case } from "./Contract.ts"
import { equal } from "./Contract.ts"
import * as Rows from "./ContractRows.ts"

/** Ties, rows without a value, and every kind of value. */
const rows: { readonly [key: string]: Projection.JsonRow } = {
  "01": { text: "b", number: 2, flag: true, mixed: "x" },
  "02": { text: "a", number: 2, flag: false, mixed: 3 },
  "03": { text: null, number: null, flag: null, mixed: null },
  "04": {},
  "05": { text: "b", number: -1, flag: true, mixed: true },
  "06": { text: "\u{1f600}", number: 0.5, flag: false, mixed: "" },
  "07": { text: "\uff5e", number: 2, flag: true, mixed: "x" },
  "08": { text: "", number: 0, mixed: 0 },
  "09": { text: null, number: 1e15, flag: false, mixed: "3" },
  "10": { text: "b", number: null, flag: true, mixed: 3 },
  "\uff5e": { text: "b" },
  "\u{1f600}": { text: "b" }
}

/** Paging. */
export const cases: ReadonlyArray<Case<Rows.Stores>> = [
  Rows.promise(
    "pages by any field, in both directions, over ties and missing values, show each row once",
    () =>
      Effect.gen(function* () {
        const projection = yield* Rows.filled(rows)
        for (const orderBy of ["text", "number", "flag", "mixed"]) {
          for (const descending of [false, true]) {
            const whole = yield* Rows.keys(projection, { orderBy, descending })
            yield* equal(`all rows by ${orderBy}`, [...whole].sort(), Object.keys(rows).sort())
            for (const limit of [1, 2, 3, 5, 12]) {
              const paged = yield* pages(projection, { orderBy, descending, limit })
              yield* equal(`${limit} by ${limit} by ${orderBy}, descending: ${descending}`, paged, whole)
            }
          }
        }
      })
  ),

  Rows.promise("pages by key, in both directions, show each row once", () =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled(rows)
      const whole = yield* Rows.keys(projection, {})
      for (const limit of [1, 5]) {
        yield* equal("ascending", yield* pages(projection, { limit }), whole)
        const descending = yield* pages(projection, { limit, descending: true })
        yield* equal("descending", descending, [...whole].reverse())
      }
    })
  ),

  Rows.promise("pages of a filtered list show each of its rows once", () =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled(rows)
      const query: Query = { where: { text: "b" }, search: "B", orderBy: "number" }
      const whole = yield* Rows.keys(projection, query)
      yield* equal("the whole list", whole, ["10", "\uff5e", "\u{1f600}", "05", "01"])
      yield* equal("in pages", yield* pages(projection, { ...query, limit: 2 }), whole)
      const descending = yield* pages(projection, { ...query, limit: 1, descending: true })
      yield* equal("descending", descending, [...whole].reverse())
    })
  ),

  Rows.promise("a page goes on behind its cursor, though the rows around it have changed", (store) =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({
        a: { number: 1 },
        b: { number: 2 },
        c: { number: 3 },
        d: { number: 4 }
      })
      const { generation } = yield* Rows.current(projection)
      // The row of the cursor is gone, one came before it, one came after it.
      yield* Rows.write(projection, generation, 1, { b: undefined, "0": { number: 1.5 }, e: { number: 2.5 } })
      const after = { value: 2, key: "b" }
      yield* equal("ascending", yield* Rows.keys(projection, { orderBy: "number", after }), ["e", "c", "d"])
      const descending = yield* Rows.keys(projection, { orderBy: "number", descending: true, after })
      yield* equal("descending", descending, ["0", "a"])
    })
  )
]

// internal

const pages = (projection: Projection.Any, query: Query & { readonly limit: number }) =>
  Effect.gen(function* () {
    const model = yield* ReadModel
    const keys: Array<string> = []
    let after: Cursor | undefined
    while (true) {
      const page = yield* model.list(projection, after === undefined ? query : { ...query, after })
      const last = page.rows.at(-1)
      if (last === undefined) return keys
      keys.push(...page.rows.map(({ key }) => key))
      yield* equal("the pages come to an end", keys.length <= 100, true)
      const value = query.orderBy === undefined ? null : (last.row[query.orderBy] ?? null)
      after = { value, key: last.key }
    }
  })
