/** The writing side of a read database in SQLite: rows and position in one transaction. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { CheckpointMoved } from "../../Domain/Commit.ts"
import type * as Projection from "../../Domain/Projection.ts"
import * as Text from "../../Domain/Text.ts"
import * as StoreError from "../../Services/StoreError.ts"
import type { Batch, Generation } from "../../Services/ProjectionStore.ts"
import { ProjectionStore } from "../../Services/ProjectionStore.ts"
import type { Database } from "./SqliteDatabase.ts"
import * as SqliteGenerations from "./SqliteGenerations.ts"
import * as SqlitePruning from "./SqlitePruning.ts"
import { createIndex, indexName, selectIndexes } from "./SqliteReadDatabase.ts"
import type { Session } from "./SqliteSession.ts"

export const make = ({ look, read, transact }: Database) => {
  /** Indexes may have been declared since the rows were built. */
  const index = ({ indexes, name }: Projection.Any) =>
    Effect.flatMap(read(selectIndexes, []), (found) => {
      const present = new Set(found.map(([index]) => index))
      const missing = indexes.filter((field) => !present.has(indexName(name, field)))
      return missing.length === 0
        ? Effect.void
        : transact((session) => {
            for (const field of missing) session.values(createIndex(name, field), [])
          })
    })

  return ProjectionStore.of({
    claim: (claim) =>
      Effect.zipRight(
        index(claim.projection),
        Effect.flatten(transact((session) => SqliteGenerations.claim(session, claim)))
      ),
    begin: (projection, log, head) =>
      Effect.flatMap(
        transact((session) => SqliteGenerations.begin(session, projection, log, head)),
        ({ abandoned, begun }) => Effect.as(SqlitePruning.remove(transact, abandoned), begun)
      ),
    rows: (generation, keys) =>
      Effect.flatMap(
        look(({ values }) => values(selectRows, [generation, JSON.stringify(keys)])),
        (found) => parsed(`generation ${generation}`, found)
      ),
    write: (batch) =>
      Effect.suspend(() => {
        const statements = statementsOf(batch)
        return Effect.flatten(transact((session) => write(session, batch, statements)))
      }),
    prune: (projection) =>
      Effect.flatMap(
        transact((session) => SqlitePruning.retire(session, projection)),
        (retired) => SqlitePruning.remove(transact, retired)
      )
  })
}

/** What stored rows say, by their keys, in their order; `Corrupt` when one of them is damaged. */
export const parsed = (
  whose: string,
  stored: ReadonlyArray<ReadonlyArray<unknown>>
): Either.Either<ReadonlyMap<string, Projection.JsonRow>, StoreError.StoreError> => {
  const rows = new Map<string, Projection.JsonRow>()
  for (const [key, row] of stored) {
    try {
      rows.set(String(key), JSON.parse(String(row)))
    } catch (cause) {
      const details = `row "${String(key)}" of ${whose} is damaged: rebuild it`
      return Either.left(StoreError.make("Corrupt", details, cause))
    }
  }
  return Either.right(rows)
}

// internal

type Statement = Parameters<Session["values"]>

const selectRows =
  "select key, row from rows where generation = ? and key in (select value from json_each(?))"

/** What a batch does to rows, as texts already: the less is done while others wait for the lock, the better. */
const statementsOf = ({ changes, generation, projection }: Batch): ReadonlyArray<Statement> =>
  changes.map(({ key, row }) =>
    row === undefined
      ? [deleteRow, [generation, key]]
      : [
          insertRow,
          [generation, projection.name, key, JSON.stringify(row), Text.searchable(projection.search, row)]
        ]
  )

const deleteRow = "delete from rows where generation = ? and key = ?"

const insertRow =
  "insert or replace into rows (generation, projection, key, row, search) values (?, ?, ?, ?, ?)"

const write = (
  session: Session,
  batch: Batch,
  statements: ReadonlyArray<Statement>
): Either.Either<Generation, CheckpointMoved> =>
  Either.map(SqliteGenerations.advance(session, batch), (moved) => {
    for (const [text, params] of statements) session.values(text, params)
    return SqliteGenerations.changeOver(session, batch.projection, moved)
  })
