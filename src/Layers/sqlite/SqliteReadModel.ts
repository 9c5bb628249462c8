/** Queries on a read database in SQLite: each one statement, so that rows and `asOf` belong together. */
import * as Effect from "effect/Effect"
import * as Text from "../../Domain/Text.ts"
import type { Query } from "../../Services/ReadModel.ts"
import { checked, defaultLimit, ReadModel } from "../../Services/ReadModel.ts"
import type { Database } from "./SqliteDatabase.ts"
import { parseRow } from "./SqliteProjectionStore.ts"
import { field, fieldType, joinRows } from "./SqliteReadDatabase.ts"

export const make = ({ read }: Database) =>
  ReadModel.of({
    get: (projection, key) =>
      Effect.map(
        read(
          `select g.position, g.recorded_at, rows.row
            from generations g ${joinRows(projection.name)} and rows.key = ?
            where ${serving}`,
          [key, projection.name, projection.version]
        ),
        (found) => {
          const row = found[0]?.[2]
          return { row: typeof row === "string" ? parseRow(row) : undefined, asOf: asOf(found[0]) }
        }
      ),
    list: (projection, query) =>
      checked(projection, query, () => {
        const { condition, params } = conditions(query)
        const limit = query.limit ?? defaultLimit
        const direction = query.descending === true ? "desc" : "asc"
        const order = query.orderBy === undefined ? "" : `${field(query.orderBy)} ${direction},`
        return Effect.map(
          read(
            `select g.position, g.recorded_at, rows.key, rows.row
            from generations g ${joinRows(projection.name)} ${condition}
            where ${serving} order by ${order} rows.key ${direction} limit ?`,
            // The position comes with a row, if only an empty one.
            [...params, projection.name, projection.version, Math.max(1, limit)]
          ),
          (found) => ({
            rows: found
              .slice(0, limit)
              .flatMap(([, , key, row]) => (typeof key === "string" ? [{ key, row: parseRow(row) }] : [])),
            asOf: asOf(found[0])
          })
        )
      }),
    count: (projection, query) =>
      checked(projection, query, () => {
        const { condition, params } = conditions(query)
        return Effect.map(
          read(
            `select g.position, g.recorded_at, count(rows.key)
            from generations g ${joinRows(projection.name)} ${condition}
            where ${serving} group by g.generation`,
            [...params, projection.name, projection.version]
          ),
          (found) => ({ count: Number(found[0]?.[2] ?? 0), asOf: asOf(found[0]) })
        )
      })
  })

// internal

const serving = "g.projection = ? and g.version = ? and g.serving = 1"

const asOf = (row: ReadonlyArray<unknown> | undefined) => ({
  position: Number(row?.[0] ?? 0),
  time: Number(row?.[1] ?? 0)
})

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
