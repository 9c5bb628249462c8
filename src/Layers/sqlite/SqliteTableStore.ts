/** Tables of their own in a read database in SQLite: the author's SQL inside the transaction of the position. */
import * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import * as Effect from "effect/Effect"
import { TableStore } from "../sql/TableStore.ts"
import type { Database } from "./SqliteDatabase.ts"
import { advance, generationOf, selectServing, start } from "./SqliteProjectionStore.ts"

export const make = ({ read, write }: Database) => {
  const inTransaction =
    (connection: Connection) =>
    <A, E>(work: Effect.Effect<A, E>): Effect.Effect<A, E> =>
      Effect.provideService(work, SqlClient.TransactionConnection, [connection, 0])

  return TableStore.of({
    serving: (projection, setup) =>
      Effect.gen(function* () {
        const params = [projection.name, projection.version]
        const found = yield* read(selectServing, params)
        if (found[0] !== undefined) return generationOf(found[0])
        return yield* write.run((connection) =>
          Effect.gen(function* () {
            const now = yield* connection.executeValues(selectServing, params)
            if (now[0] !== undefined) return generationOf(now[0])
            yield* inTransaction(connection)(setup)
            return yield* start(connection, projection, 1)
          })
        )
      }),
    write: (batch, work) =>
      write.run((connection) => Effect.zipRight(advance(connection, batch), inTransaction(connection)(work)))
  })
}
