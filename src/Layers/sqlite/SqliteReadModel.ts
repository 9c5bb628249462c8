/** Queries on a read database in SQLite: each one statement, so that rows and `asOf` belong together. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type * as Projection from "../../Domain/Projection.ts"
import * as Text from "../../Domain/Text.ts"
import type { Query } from "../../Services/ReadModel.ts"
import { checked, limitOf, ReadModel, Rebuilding } from "../../Services/ReadModel.ts"
import type { Database } from "./SqliteDatabase.ts"
import { parsed } from "./SqliteProjectionStore.ts"
import { field, fieldType, shown, whose } from "./SqliteReadDatabase.ts"
import { limited } from "./SqliteStatements.ts"

export const make = ({ read }: Database) => {
  /** What is found among the rows that readers of a projection see. */
  const ask = (
    projection: Projection.Any,
    columns: string,
    { condition, params }: Condition,
    { end = "", last = [] }: { readonly end?: string; readonly last?: ReadonlyArray<unknown> } = {}
  ) =>
    Effect.flatMap(
      read(
        `select g.state, g.position, g.recorded_at, g.goal, ${columns}
          ${shown(projection.name, condition)} ${end}`,
        [...params, ...whose(projection), ...last]
      ),
      (found) => answer(projection, found)
    )

  return ReadModel.of({
    get: (projection, key) =>
      Effect.flatMap(
        ask(projection, "rows.key, rows.row", { condition: "and rows.key = ?", params: [key] }),
        ({ asOf, found }) => Either.map(rowsOf(projection, found), (rows) => ({ row: rows.get(key), asOf }))
      ),
    list: (projection, query) =>
      checked(projection, query, () => {
        const direction = query.descending === true ? "desc" : "asc"
        const order = query.orderBy === undefined ? "" : `${field(query.orderBy)} ${direction},`
        return Effect.flatMap(
          ask(projection, "rows.key, rows.row", conditions(query), {
            end: `order by ${order} rows.key ${direction} ${limited}`,
            last: [limitOf(query)]
          }),
          ({ asOf, found }) =>
            Either.map(rowsOf(projection, found), (rows) => ({
              rows: Array.from(rows, ([key, row]) => ({ key, row })),
              asOf
            }))
        )
      }),
    count: (projection, query) =>
      checked(projection, query, () =>
        Effect.map(
          ask(projection, "count(rows.key)", conditions(query), { end: "group by g.generation" }),
          ({ asOf, found: [row] }) => ({ count: Number(row?.[0] ?? 0), asOf })
        )
      )
  })
}

// internal

/** What was found, unless it belongs to a generation that is being built. */
const answer = ({ name }: Projection.Any, found: ReadonlyArray<ReadonlyArray<unknown>>) => {
  const [state, position = 0, time = 0, goal = 0] = found[0] ?? []
  return state === "serving"
    ? Effect.succeed({
        asOf: { position: Number(position), time: Number(time) },
        found: found.map((row) => row.slice(4))
      })
    : Effect.fail(new Rebuilding({ projection: name, position: Number(position), goal: Number(goal) }))
}

const rowsOf = ({ name }: Projection.Any, found: ReadonlyArray<ReadonlyArray<unknown>>) => {
  // Where there is no row, the position comes with one that has no key.
  const rows = found.filter(([key]) => key !== null)
  return parsed(`"${name}"`, rows)
}

interface Condition {
  readonly condition: string
  readonly params: ReadonlyArray<unknown>
}

const conditions = (query: Query): Condition => {
  const all = [...equalities(query), ...searched(query), ...following(query)]
  return {
    condition: all.map(({ condition }) => `and ${condition}`).join(" "),
    params: all.flatMap(({ params }) => params)
  }
}

/** A range of one value: SQLite without statistics looks up a range in an index, but not an equality. */
const equalities = ({ where = {} }: Query): ReadonlyArray<Condition> =>
  Object.entries(where).map(([name, value]) => {
    const sql = toSql(value)
    return sql === null
      ? { condition: `${field(name)} is null`, params: [] }
      : { condition: `${field(name)} between ? and ? ${ofType(name, value)}`, params: [sql, sql] }
  })

/** To SQL, `true` and 1 are one value; to JSON they are two. */
const ofType = (name: string, value: unknown): string =>
  typeof value === "boolean"
    ? `and ${fieldType(name)} = '${String(value)}'`
    : typeof value === "number"
      ? `and ${fieldType(name)} in ('integer', 'real')`
      : ""

const searched = ({ search = "" }: Query): ReadonlyArray<Condition> =>
  search === "" ? [] : [{ condition: "instr(rows.search, ?) > 0", params: [Text.fold(search)] }]

/** What comes after a cursor, where no value sorts before any value. */
const following = ({ after, descending = false, orderBy }: Query): ReadonlyArray<Condition> => {
  if (after === undefined) return []
  const beyond = descending ? "<" : ">"
  const laterKey = `rows.key ${beyond} ?`
  if (orderBy === undefined) return [{ condition: laterKey, params: [after.key] }]
  const by = field(orderBy)
  const value = toSql(after.value)
  if (value === null) {
    const condition = descending ? `(${by} is null and ${laterKey})` : `(${by} is not null or ${laterKey})`
    return [{ condition, params: [after.key] }]
  }
  const orNone = descending ? ` or ${by} is null` : ""
  return [
    {
      condition: `(${by} ${beyond} ? or (${by} = ? and ${laterKey})${orNone})`,
      params: [value, value, after.key]
    }
  ]
}

const toSql = (value: unknown) => (typeof value === "boolean" ? Number(value) : (value ?? null))
