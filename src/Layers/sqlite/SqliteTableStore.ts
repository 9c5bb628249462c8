/** Tables of their own in a read database in SQLite: the author's SQL inside the transaction of the position. */
import * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import * as Effect from "effect/Effect"
import type { Claim } from "../../Services/ProjectionStore.ts"
import { TableStore } from "../sql/TableStore.ts"
import type { Database } from "./SqliteDatabase.ts"
import * as SqliteGenerations from "./SqliteGenerations.ts"

export const make = ({ storeError, write }: Database) =>
  TableStore.of({
    claim: (claim, setup) => write.run((connection) => claimed(connection, claim, setup)),
    write: (batch, work) =>
      write.run((connection) =>
        Effect.zipLeft(SqliteGenerations.advance(connection, batch), inTransaction(connection, work))
      ),
    storeError
  })

// internal

const claimed = <E>(connection: Connection, claim: Claim, setup: Effect.Effect<unknown, E>) =>
  Effect.gen(function* () {
    yield* SqliteGenerations.fence(connection, claim, "every version")
    const [found] = yield* SqliteGenerations.underway(connection, claim)
    if (found !== undefined) return found
    yield* removeAll(connection, claim.projection.name)
    yield* inTransaction(connection, setup)
    const { generation } = yield* SqliteGenerations.start(connection, { ...claim, goal: 0 })
    return yield* SqliteGenerations.serve(connection, claim.projection, generation)
  })

const removeAll = (connection: Connection, name: string) =>
  Effect.forEach(
    [
      // There are rows if the projection had some before it had tables.
      "delete from rows where generation in (select generation from generations where projection = ?)",
      "delete from generations where projection = ?"
    ],
    (statement) => connection.executeRaw(statement, [name]),
    { discard: true }
  )

const inTransaction = <A, E>(connection: Connection, work: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.provideService(work, SqlClient.TransactionConnection, [connection, 0])
