/**
 * Sessions as connections and clients of @effect/sql. The client of @effect/sql-sqlite-node is not used, because what
 * stands between a statement and the driver costs ten times as much there, and because a fiber that is interrupted at
 * the wrong moment leaves a statement that is never prepared, or a connection that nobody ever gets again.
 */
import * as Reactivity from "@effect/experimental/Reactivity"
import * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import { SqlError } from "@effect/sql/SqlError"
import * as Statement from "@effect/sql/Statement"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { StoreError } from "../../Services/StoreError.ts"
import type * as SqliteDriver from "./SqliteDriver.ts"
import type { Session } from "./SqliteSession.ts"

/** The connection of a session. */
export const over = (session: Session): Connection => {
  const run = <A>(text: string, use: (statement: SqliteDriver.Statement) => A) =>
    Effect.withFiberRuntime<A, SqlError>(({ currentContext }) => {
      try {
        const bigints = Context.get(currentContext, SqlClient.SafeIntegers)
        return Effect.succeed(use(session.prepared(text).safeIntegers(bigints)))
      } catch (cause) {
        return Effect.fail(new SqlError({ cause, message: "Failed to execute statement" }))
      }
    })

  const execute: Connection["execute"] = (text, params, transform) =>
    run(text, (statement) => {
      const rows = rowsOf(statement, params)
      return transform === undefined ? rows : transform(rows)
    })

  return {
    execute,
    executeUnprepared: execute,
    executeStream: (...args) => Stream.unwrap(Effect.map(execute(...args), Stream.fromIterable)),
    executeRaw: (text, params) =>
      run(text, (statement) => (statement.reader ? statement.raw(false).all(params) : statement.run(params))),
    executeValues: (text, params) => run(text, () => session.values(text, params))
  }
}

/** A client on sessions; what one transaction begins holds up nobody, because each has a session of its own. */
export const client = (
  session: Effect.Effect<Session, StoreError, Scope.Scope>
): Effect.Effect<SqlClient.SqlClient, StoreError, Scope.Scope> =>
  Effect.flatMap(session, (shared) =>
    SqlClient.make({
      acquirer: Effect.succeed(over(shared)),
      transactionAcquirer: Effect.mapBoth(session, {
        onFailure: (cause) => new SqlError({ cause, message: "Failed to open the file" }),
        onSuccess: over
      }),
      compiler: Statement.makeCompilerSqlite(),
      spanAttributes: []
    })
  ).pipe(Effect.provide(Reactivity.layer))

// internal

const rowsOf = (statement: SqliteDriver.Statement, params: ReadonlyArray<unknown>) => {
  if (statement.reader) return statement.raw(false).all(params)
  statement.run(params)
  return []
}
