/** Tables of their own in a read database in SQLite: the author's SQL inside the transaction of the position. */
import * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { CheckpointMoved } from "../../Domain/Commit.ts"
import type { Claim, Generation } from "../../Services/ProjectionStore.ts"
import { TableStore } from "../sql/TableStore.ts"
import type { Database } from "./SqliteDatabase.ts"
import * as SqliteGenerations from "./SqliteGenerations.ts"
import type { Session } from "./SqliteSession.ts"

export const make = ({ storeError, transact, write }: Database) =>
  TableStore.of({
    claim: (claim, setup) => write.run((connection, session) => claimed(connection, session, claim, setup)),
    disown: ({ name }) =>
      transact(
        (session) => void session.values("update generations set log = '' where projection = ?", [name])
      ),
    write: (batch, work) =>
      write.run((connection, session) =>
        Effect.zipLeft(
          plainly(() => SqliteGenerations.advance(session, batch)),
          inTransaction(connection, work)
        )
      ),
    storeError
  })

// internal

const claimed = <E>(
  connection: Connection,
  session: Session,
  claim: Claim,
  setup: Effect.Effect<unknown, E>
) =>
  Effect.gen(function* () {
    const { name } = claim.projection
    const [found] = yield* plainly(() =>
      Either.map(SqliteGenerations.fence(session, claim, "every version"), () =>
        SqliteGenerations.underway(session, claim)
      )
    )
    if (found !== undefined) return found
    yield* plainly(() => {
      // There are rows if the projection had some before it had tables.
      session.values(
        "delete from rows where generation in (select generation from generations where projection = ?)",
        [name]
      )
      session.values("delete from generations where projection = ?", [name])
      return Either.void
    })
    yield* inTransaction(connection, setup)
    return yield* plainly((): Outcome<Generation> => {
      const { generation } = SqliteGenerations.start(session, { ...claim, goal: 0 })
      return Either.right(SqliteGenerations.serve(session, claim.projection, generation))
    })
  })

type Outcome<A> = Either.Either<A, CheckpointMoved>

/** Plain calls in a transaction that has begun. */
const plainly = <A>(work: () => Outcome<A>) =>
  Effect.flatten(Effect.try({ try: work, catch: (cause) => new SqlError({ cause }) }))

const inTransaction = <A, E>(connection: Connection, work: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.provideService(work, SqlClient.TransactionConnection, [connection, 0])
