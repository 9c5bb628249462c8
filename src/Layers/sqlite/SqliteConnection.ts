/** A connection that forgets failures: the client keeps a statement that it could not prepare as it keeps the others. */
import type { Connection } from "@effect/sql/SqlConnection"
import { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"

/** Prepares again, outside of the client's cache, what could not be prepared. */
export const forgetful = (connection: Connection): Connection => {
  const afresh = (statement: string, params: ReadonlyArray<unknown>) =>
    Effect.flatten(
      Effect.try({
        try: () => connection.executeUnprepared(statement, params, undefined),
        catch: (cause) => new SqlError({ cause, message: "Failed to prepare statement" })
      })
    )
  return {
    ...connection,
    executeRaw: (statement, params) =>
      Effect.catchIf(connection.executeRaw(statement, params), isUnprepared, () => afresh(statement, params)),
    executeValues: (statement, params) =>
      Effect.catchIf(connection.executeValues(statement, params), isUnprepared, () =>
        Effect.map(afresh(statement, params), (rows) => rows.map(Object.values))
      )
  }
}

// internal

const isUnprepared = ({ message }: SqlError): boolean => message.startsWith("Failed to prepare")
