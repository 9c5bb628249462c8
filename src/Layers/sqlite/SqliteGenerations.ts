/** The builds of projections in a read database in SQLite, and how far each has got. */
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import type * as Projection from "../../Domain/Projection.ts"
import { CheckpointMoved } from "../../Domain/Commit.ts"
import type { Batch, Generation } from "../../Services/ProjectionStore.ts"
import type { Database } from "./SqliteDatabase.ts"

/** The generation that readers see. */
export const find = (connection: Connection, { name, version }: Projection.Any) =>
  Effect.map(connection.executeValues(selectServing, [name, version]), first)

/** The generation that readers see; a first one, after `setup` in the same transaction, when there is none. */
export const serving = <E>(
  { read, write }: Database,
  projection: Projection.Any,
  setup: (connection: Connection) => Effect.Effect<unknown, E>
) =>
  Effect.gen(function* () {
    const found = first(yield* read(selectServing, [projection.name, projection.version]))
    if (found !== undefined) return found
    return yield* write.run((connection) =>
      Effect.gen(function* () {
        // Another process may have been here since.
        const now = yield* find(connection, projection)
        if (now !== undefined) return now
        yield* setup(connection)
        return yield* start(connection, projection, 1)
      })
    )
  })

/** Begins a generation at position 0. */
export const start = (connection: Connection, { name, version }: Projection.Any, serving: 0 | 1) =>
  Effect.map(
    connection.executeValues(
      `insert into generations (projection, version, serving, position, recorded_at)
        values (?, ?, ?, 0, 0) returning generation, position`,
      [name, version, serving]
    ),
    (rows) => generationOf(rows[0] ?? [])
  )

/** Moves the position of a generation, if it still is where the batch begins. */
export const advance = (
  connection: Connection,
  { from, generation, projection, time, to }: Omit<Batch, "changes">
): Effect.Effect<void, CheckpointMoved | SqlError> =>
  Effect.flatMap(
    connection.executeValues(
      "update generations set position = ?, recorded_at = ? where generation = ? and position = ? returning 1",
      [to, time, generation, from]
    ),
    (moved) =>
      moved.length === 1
        ? Effect.void
        : Effect.fail(new CheckpointMoved({ subscriber: projection.name, expected: from }))
  )

// internal

const selectServing =
  "select generation, position from generations where projection = ? and version = ? and serving = 1"

const first = (rows: ReadonlyArray<ReadonlyArray<unknown>>): Generation | undefined =>
  rows[0] && generationOf(rows[0])

const generationOf = (row: ReadonlyArray<unknown>): Generation => ({
  generation: Number(row[0]),
  position: Number(row[1])
})
