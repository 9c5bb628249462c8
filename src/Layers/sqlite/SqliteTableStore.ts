/** Tables of their own in a read database in SQLite: the author's SQL inside the transaction of the position. */
import * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import * as Effect from "effect/Effect"
import { TableStore } from "../sql/TableStore.ts"
import type { Database } from "./SqliteDatabase.ts"
import * as SqliteGenerations from "./SqliteGenerations.ts"

export const make = (database: Database) =>
  TableStore.of({
    serving: (projection, setup) => SqliteGenerations.serving(database, projection, inTransaction(setup)),
    write: (batch, work) =>
      database.write.run((connection) =>
        Effect.zipRight(SqliteGenerations.advance(connection, batch), inTransaction(work)(connection))
      ),
    storeError: database.storeError
  })

// internal

const inTransaction =
  <A, E>(work: Effect.Effect<A, E>) =>
  (connection: Connection): Effect.Effect<A, E> =>
    Effect.provideService(work, SqlClient.TransactionConnection, [connection, 0])
