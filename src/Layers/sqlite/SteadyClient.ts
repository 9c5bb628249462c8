/**
 * A client of @effect/sql-sqlite-node that only reads, for statements of somebody else's. Without two traps of its cache
 * of prepared statements: one that could not be prepared is kept like the others, and one whose caller is interrupted
 * while it is prepared is never ready again.
 */
import * as Reactivity from "@effect/experimental/Reactivity"
import * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import { SqlError } from "@effect/sql/SqlError"
import * as Statement from "@effect/sql/Statement"
import * as SqliteClient from "@effect/sql-sqlite-node/SqliteClient"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { StoreError } from "../../Services/StoreError.ts"
import * as SqliteFailure from "./SqliteFailure.ts"
import { patiently } from "./SqlitePatience.ts"

/** Opens a client, which closes with the scope. It waits for nobody: better-sqlite3 would wait by blocking. */
export const open = (filename: string): Effect.Effect<SqlClient.SqlClient, StoreError, Scope.Scope> =>
  Effect.gen(function* () {
    // A statement that could not be prepared is kept like one that could: not for long, then.
    const prepareCacheTTL = "1 second"
    const client = yield* SqliteClient.make({ filename, readonly: true, disableWAL: true, prepareCacheTTL })
    yield* Effect.scoped(
      Effect.gen(function* () {
        const connection = steady(yield* client.reserve)
        for (const pragma of ["pragma busy_timeout = 10", "pragma trusted_schema = off"]) {
          yield* patiently(
            Effect.mapError(connection.executeRaw(pragma, []), SqliteFailure.storeError(filename))
          )
        }
      })
    )
    // Its statements wait for each other's transactions as the client has it.
    return yield* SqlClient.make({
      acquirer: Effect.map(Effect.scoped(client.reserve), steady),
      transactionAcquirer: Effect.map(client.reserve, steady),
      compiler: Statement.makeCompilerSqlite(),
      spanAttributes: []
    })
  }).pipe(
    Effect.provide(Reactivity.layer),
    Effect.mapError((error) =>
      error instanceof SqlError ? SqliteFailure.storeError(filename)(error) : error
    ),
    Effect.catchAllDefect((defect) => Effect.fail(SqliteFailure.fromCause(filename, defect)))
  )

// internal

/** Prepares again, outside of the cache, what could not be prepared; nobody is interrupted meanwhile. */
const steady = (connection: Connection): Connection => {
  const afresh = (statement: string, params: ReadonlyArray<unknown>) =>
    Effect.flatten(
      Effect.try({
        try: () => connection.executeUnprepared(statement, params, undefined),
        catch: (cause) => new SqlError({ cause, message: "Failed to prepare statement" })
      })
    )
  const otherwise =
    <A>(again: () => Effect.Effect<A, SqlError>) =>
    (effect: Effect.Effect<A, SqlError>) =>
      // A statement is done at once; it cannot be interrupted anyway.
      Effect.uninterruptible(Effect.catchIf(effect, isUnprepared, again))
  return {
    ...connection,
    execute: (statement, params, transform) =>
      otherwise(() => Effect.map(afresh(statement, params), (rows) => transform?.(rows) ?? rows))(
        connection.execute(statement, params, transform)
      ),
    executeRaw: (statement, params) =>
      otherwise<unknown>(() => afresh(statement, params))(connection.executeRaw(statement, params)),
    executeValues: (statement, params) =>
      otherwise<ReadonlyArray<ReadonlyArray<unknown>>>(() => Effect.map(afresh(statement, params), valuesOf))(
        connection.executeValues(statement, params)
      )
  }
}

const valuesOf = (rows: ReadonlyArray<object>): ReadonlyArray<ReadonlyArray<unknown>> =>
  rows.map((row) => Object.values(row))

const isUnprepared = ({ message }: SqlError): boolean => message.startsWith("Failed to prepare")
