/**
 * A connection without two traps of the client, which keeps prepared statements in a cache: one that could not be
 * prepared is kept like the others, and one whose caller is interrupted while it is prepared is never ready again.
 */
import type { Connection } from "@effect/sql/SqlConnection"
import { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"

/** Prepares again, outside of the cache, what could not be prepared; nobody is interrupted meanwhile. */
export const steady = (connection: Connection): Connection => {
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

// internal

const valuesOf = (rows: ReadonlyArray<object>): ReadonlyArray<ReadonlyArray<unknown>> =>
  rows.map((row) => Object.values(row))

const isUnprepared = ({ message }: SqlError): boolean => message.startsWith("Failed to prepare")
