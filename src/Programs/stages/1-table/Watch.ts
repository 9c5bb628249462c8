/** What is to be seen of a database from outside: statements, rows, columns, pages. */
import type { SqlClient } from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import * as Statement from "@effect/sql/Statement"
import * as Effect from "effect/Effect"

/** What an operation did. */
export interface Watched<A> {
  readonly value: A
  /** The verb and the tables of each, `select products`; without BEGIN and COMMIT. */
  readonly statements: ReadonlyArray<string>
  /** How many rows they have inserted, updated and deleted on this connection. */
  readonly written: number
}

/** Watches an operation. */
export const watch = <A, E, R>(
  sql: SqlClient,
  operation: Effect.Effect<A, E, R>
): Effect.Effect<Watched<A>, E | SqlError, R> =>
  Effect.gen(function* () {
    const statements: Array<string> = []
    const before = yield* rowsWritten(sql)
    const value = yield* Statement.withTransformer(operation, (statement) => {
      statements.push(gist(statement.compile()[0]))
      return Effect.succeed(statement)
    })
    return { value, statements, written: (yield* rowsWritten(sql)) - before }
  })

/** The names of a table's columns. */
export const columnsOf = (sql: SqlClient, table: string) =>
  Effect.map(sql<{ name: string }>`select name from pragma_table_info(${table})`, (rows) =>
    rows.map(({ name }) => name)
  )

/** How many pages of the file somebody reads who goes through the whole table. */
export const pagesOf = (sql: SqlClient, table: string) =>
  Effect.map(
    sql`select pageno from dbstat where name = ${table} and pagetype <> 'overflow'`,
    (pages) => pages.length
  )

// internal

const rowsWritten = (sql: SqlClient) =>
  Effect.map(sql<{ rows: number }>`select total_changes() as rows`, ([first]) => first?.rows ?? 0)

const gist = (statement: string): string => {
  const tables = [...statement.matchAll(/\b(?:from|join|into|update) "?(\w+)/g)].map(([, table]) => table)
  return `${statement.trim().split(" ", 1).join("")} ${tables.join(", ")}`
}
