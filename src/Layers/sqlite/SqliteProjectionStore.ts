/** The writing side of a read database in SQLite: rows and position in one transaction. */
import type { Connection } from "@effect/sql/SqlConnection"
import * as Effect from "effect/Effect"
import type * as Projection from "../../Domain/Projection.ts"
import * as Text from "../../Domain/Text.ts"
import type { Batch, Claim } from "../../Services/ProjectionStore.ts"
import { ProjectionStore } from "../../Services/ProjectionStore.ts"
import type { Database } from "./SqliteDatabase.ts"
import * as SqliteGenerations from "./SqliteGenerations.ts"
import * as SqlitePruning from "./SqlitePruning.ts"
import { createIndex, indexName, selectIndexes } from "./SqliteReadDatabase.ts"
import { pieces, placeholders } from "./SqliteStatements.ts"

export const make = (database: Database) => {
  const { read, write } = database

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

  const claim = (claim: Claim) =>
    Effect.zipRight(
      index(claim.projection),
      write.run((connection) => SqliteGenerations.claim(connection, claim))
    )

  const begin = (projection: Projection.Any, log: string, head?: number) =>
    Effect.gen(function* () {
      const { abandoned, begun } = yield* write.run((connection) =>
        SqliteGenerations.begin(connection, projection, log, head)
      )
      yield* SqlitePruning.remove(write, abandoned)
      return begun
    })

  const rows = (generation: number, keys: ReadonlyArray<string>) =>
    Effect.map(
      read("select key, row from rows where generation = ? and key in (select value from json_each(?))", [
        generation,
        JSON.stringify(keys)
      ]),
      (found) => new Map(found.map(([key, row]) => [String(key), parseRow(row)]))
    )

  const prune = (projection: Projection.Any) =>
    Effect.flatMap(
      write.run((connection) => SqlitePruning.retire(connection, projection)),
      (retired) => SqlitePruning.remove(write, retired)
    )

  return ProjectionStore.of({
    claim,
    begin,
    rows,
    write: (batch) => write.run((connection) => Effect.uninterruptible(writeBatch(connection, batch))),
    prune
  })
}

/** A stored row. */
export const parseRow = (row: unknown): Projection.JsonRow => JSON.parse(String(row))

// internal

const writeBatch = (connection: Connection, batch: Batch) =>
  Effect.gen(function* () {
    const moved = yield* SqliteGenerations.advance(connection, batch)
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
    return yield* SqliteGenerations.changeOver(connection, projection, moved)
  })
