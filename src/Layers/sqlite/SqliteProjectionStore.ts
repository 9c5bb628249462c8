/** The writing side of a read database in SQLite: rows and position in one transaction. */
import type { Connection } from "@effect/sql/SqlConnection"
import * as Effect from "effect/Effect"
import type * as Projection from "../../Domain/Projection.ts"
import * as Text from "../../Domain/Text.ts"
import { CheckpointMoved } from "../../Services/EventStore.ts"
import type { Batch, Generation } from "../../Services/ProjectionStore.ts"
import { ProjectionStore } from "../../Services/ProjectionStore.ts"
import type { StoreError } from "../../Services/StoreError.ts"
import type { Database } from "./SqliteDatabase.ts"
import { createIndex, indexName, selectIndexes } from "./SqliteReadDatabase.ts"
import { pieces, placeholders } from "./SqliteStatements.ts"

export const make = ({ read, write }: Database) => {
  /** Indexes may have been declared since the rows were built. */
  const index = ({ indexes, name }: Projection.Any) =>
    Effect.gen(function* () {
      const present = new Set((yield* read(selectIndexes, [])).map(([index]) => index))
      const missing = indexes.filter((field) => !present.has(indexName(name, field)))
      if (missing.length === 0) return
      yield* write.run((connection) =>
        Effect.forEach(missing, (field) => connection.executeRaw(createIndex(name, field), []), {
          discard: true
        })
      )
    })

  const serving = (projection: Projection.Any): Effect.Effect<Generation, StoreError> =>
    Effect.gen(function* () {
      yield* index(projection)
      const params = [projection.name, projection.version]
      const found = yield* read(selectServing, params)
      if (found[0] !== undefined) return generationOf(found[0])
      return yield* write.run((connection) =>
        Effect.gen(function* () {
          // Another process may have been here since.
          const now = yield* connection.executeValues(selectServing, params)
          return now[0] === undefined ? yield* start(connection, projection, 1) : generationOf(now[0])
        })
      )
    })

  const begin = (projection: Projection.Any) =>
    write.run((connection) =>
      Effect.gen(function* () {
        const params = [projection.name, projection.version]
        yield* connection.executeRaw(
          `delete from rows where generation in
            (select generation from generations where projection = ? and version = ? and serving = 0)`,
          params
        )
        yield* connection.executeRaw(
          "delete from generations where projection = ? and version = ? and serving = 0",
          params
        )
        return yield* start(connection, projection, 0)
      })
    )

  const rows = (generation: number, keys: ReadonlyArray<string>) =>
    Effect.map(
      read("select key, row from rows where generation = ? and key in (select value from json_each(?))", [
        generation,
        JSON.stringify(keys)
      ]),
      (found) => new Map(found.map(([key, row]) => [String(key), parseRow(row)]))
    )

  const promote = (projection: Projection.Any, generation: number) =>
    write.run((connection) =>
      Effect.gen(function* () {
        const found = yield* connection.executeValues(selectServing, [projection.name, projection.version])
        const current = found[0] && generationOf(found[0])
        const next = yield* connection.executeValues(
          "select position from generations where generation = ?",
          [generation]
        )
        if (next[0] === undefined) {
          return yield* new CheckpointMoved({ subscriber: projection.name, expected: 0 })
        }
        if (Number(next[0][0]) < (current?.position ?? 0)) return false
        yield* connection.executeRaw("delete from rows where generation = ?", [current?.generation ?? 0])
        yield* connection.executeRaw("delete from generations where generation = ?", [
          current?.generation ?? 0
        ])
        yield* connection.executeRaw("update generations set serving = 1 where generation = ?", [generation])
        return true
      })
    )

  return ProjectionStore.of({
    serving,
    begin,
    rows,
    write: (batch) => write.run((connection) => Effect.uninterruptible(writeBatch(connection, batch))),
    promote
  })
}

/** A stored row. */
export const parseRow = (row: unknown): Projection.JsonRow => JSON.parse(String(row))

/** Moves the position of a generation, if it still is where the batch begins. */
export const advance = (
  connection: Connection,
  { from, generation, projection, time, to }: Omit<Batch, "changes">
) =>
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

/** Finds the generation that readers see. */
export const selectServing =
  "select generation, position from generations where projection = ? and version = ? and serving = 1"

/** A row of `selectServing`. */
export const generationOf = (row: ReadonlyArray<unknown>): Generation => ({
  generation: Number(row[0]),
  position: Number(row[1])
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

// internal

const writeBatch = (connection: Connection, batch: Batch) =>
  Effect.gen(function* () {
    yield* advance(connection, batch)
    const { changes, generation, projection } = batch
    const gone = changes.filter(({ row }) => row === undefined).map(({ key }) => key)
    if (gone.length > 0) {
      yield* connection.executeRaw(
        "delete from rows where generation = ? and key in (select value from json_each(?))",
        [generation, JSON.stringify(gone)]
      )
    }
    const values = changes.flatMap(({ key, row }) =>
      row === undefined
        ? []
        : [[generation, projection.name, key, JSON.stringify(row), Text.searchable(projection.search, row)]]
    )
    for (const piece of pieces(values)) {
      yield* connection.executeRaw(
        `insert into rows (generation, projection, key, row, search) values ${placeholders(piece.length, 5)}
          on conflict (generation, key) do update set row = excluded.row, search = excluded.search`,
        piece.flat()
      )
    }
  })
