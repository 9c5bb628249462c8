/**
 * The connections of our own: each statement is prepared once and runs at once, at a tenth of what the statement cache
 * of @effect/sql-sqlite-node costs.
 */
import * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import { SqlError } from "@effect/sql/SqlError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as SqliteDriver from "./SqliteDriver.ts"

/** Opens a file for as long as the scope is open; fails with what the driver throws. */
export const open = (filename: string, readonly: boolean): Effect.Effect<Connection, unknown, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      // A wait for a lock blocks the event loop, so it is short.
      Effect.try({
        try: () => SqliteDriver.open(filename, { readonly, timeout: 10 }),
        catch: (cause) => cause
      }),
      (database) => Effect.sync(() => database.close())
    ),
    over
  )

// internal

/** Ours are fewer; whoever builds statements without end has the newest of them prepared. */
const mostStatements = 256

const over = (database: SqliteDriver.Database): Connection => {
  const prepared = new Map<string, SqliteDriver.Statement>()

  const prepare = (text: string): SqliteDriver.Statement => {
    const known = prepared.get(text)
    if (known !== undefined) return known
    const statement = database.prepare(text)
    const [oldest] = prepared.size < mostStatements ? [] : prepared.keys()
    if (oldest !== undefined) prepared.delete(oldest)
    prepared.set(text, statement)
    return statement
  }

  const run = <A>(text: string, use: (statement: SqliteDriver.Statement) => A) =>
    Effect.withFiberRuntime<A, SqlError>(({ currentContext }) => {
      try {
        const bigints = Context.get(currentContext, SqlClient.SafeIntegers)
        return Effect.succeed(use(prepare(text).safeIntegers(bigints)))
      } catch (cause) {
        return Effect.fail(new SqlError({ cause, message: "Failed to execute statement" }))
      }
    })

  const execute: Connection["execute"] = (text, params, transform) =>
    run(text, (statement) => {
      const rows = statement.reader ? statement.raw(false).all(params) : []
      if (!statement.reader) statement.run(params)
      return transform?.(rows) ?? rows
    })

  return {
    execute,
    executeUnprepared: execute,
    executeRaw: (text, params) =>
      run(text, (statement) => (statement.reader ? statement.raw(false).all(params) : statement.run(params))),
    executeValues: (text, params) =>
      run(text, (statement) => {
        if (statement.reader) return statement.raw(true).all(params)
        statement.run(params)
        return []
      }),
    executeStream: (text, params, transform) =>
      Stream.unwrap(Effect.map(execute(text, params, transform), Stream.fromIterable))
  }
}
