/** What tests of the read database in SQLite stand on. */
import type { Projection, ProjectionStore } from "everfold"
import * as Effect from "effect/Effect"
import { join } from "node:path"
import * as SqliteDatabase from "../../../src/Layers/sqlite/SqliteDatabase.ts"
import * as SqliteProjectionStore from "../../../src/Layers/sqlite/SqliteProjectionStore.ts"
import * as SqliteReadDatabase from "../../../src/Layers/sqlite/SqliteReadDatabase.ts"
import { folder } from "../Stacks.ts"

/** Where a read database can be that goes with the scope. */
export const freshFile = Effect.map(folder, (directory) => join(directory, "read.db"))

/** The read database in a file, open until the scope closes. */
export const open = (filename: string) => {
  const { applicationId, migrations } = SqliteReadDatabase
  return SqliteDatabase.open({ filename, applicationId, migrations, durability: "NORMAL" })
}

/** A projection of whatever. */
export const projection: Projection.Any = {
  name: "things",
  version: 1,
  shape: "a thing",
  indexes: ["text", "number"],
  search: ["text"]
}

/** A claim of that projection. */
export const claim = (options: Partial<ProjectionStore.Claim> = {}): ProjectionStore.Claim => ({
  projection,
  log: "the log",
  epoch: 1,
  head: 0,
  ...options
})

/** A batch for that projection, from 0 to 1. */
export const batch = (options: Partial<ProjectionStore.Batch>): ProjectionStore.Batch => ({
  projection,
  generation: 1,
  epoch: 1,
  from: 0,
  to: 1,
  time: 10,
  changes: [],
  ...options
})

/** So many rows. */
export const rows = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    key: `k${n}`,
    row: { text: `text ${n % 10}`, number: n }
  }))

/** Serves so many rows, and has as many former ones. */
export const rebuilt = (database: SqliteDatabase.Database, count: number) =>
  Effect.gen(function* () {
    const store = SqliteProjectionStore.make(database)
    const { current } = yield* store.claim(claim())
    yield* store.write(batch({ generation: current.generation, changes: rows(count) }))
    const next = yield* store.begin(projection, "the log")
    yield* store.write(batch({ generation: next.generation, changes: rows(count) }))
    return { store, former: current.generation, serving: next.generation }
  })
