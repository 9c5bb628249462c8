/** The files of the shop that came before this one: an `event_store.db`, and the Python that writes it. */
import { execFile } from "node:child_process"
import * as fs from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { StoreError, Verification } from "everfold"
import { SqliteStack, SqliteVerification } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { Product } from "../../Domain/Catalogue/Product.ts"
import * as SqliteFiles from "../../Layers/sqlite/SqliteFiles.ts"
import * as SqliteThread from "../../Layers/sqlite/SqliteThread.ts"
import type * as Evolution from "../evolution/Evolution.ts"
import type * as Import from "../evolution/Import.ts"
import * as OldHistory from "./OldHistory.ts"

/** The rows of an `event_store.db`, which may be in use. Nothing is written to it. */
export const source = (filename: string): Effect.Effect<Import.Source, StoreError.StoreError, Scope.Scope> =>
  Effect.gen(function* () {
    if (!(yield* SqliteFiles.exists(filename)))
      return yield* StoreError.make("Unavailable", `there is no ${filename}`)
    const { run } = yield* SqliteThread.open({ filename })
    const there = new Set((yield* run("select name from pragma_table_info('events')")).map(String))
    const missing = columns.filter((column) => !there.has(column))
    if (missing.length > 0) {
      const details = `${filename} has no table "events" with ${missing.join(", ")}`
      return yield* StoreError.make("NotADatabase", details)
    }
    return (after) =>
      Effect.map(run(next, after), (rows) =>
        rows.map(([id, productId, type, data]) => ({ id: Number(id), productId, type, data }))
      )
  })

/** A log of today in a folder, and what the old shop has written in another one inside. */
export const make = (directory: string): Evolution.Shops => ({
  stack: SqliteStack.layer({ directory }),
  opens: Effect.gen(function* () {
    const old = join(directory, "old")
    const file = join(old, "event_store.db")
    yield* SqliteFiles.makeFolder(old)
    yield* SqliteFiles.absent(file)
    const python = yield* pythonWrites(old)
    if (!python) yield* Effect.scoped(driverWrites(file))
    return { python, source: yield* source(file) }
  }),
  verify: Effect.provide(
    Verification.verify({ aggregates: [Product] }),
    SqliteVerification.layer({ filename: join(directory, "log.db") })
  )
})

// internal

const columns = ["id", "product_id", "event_type", "data", "occurred_at"]

const next = "select id, product_id, event_type, data from events where id > ? order by id limit 500"

const script = fileURLToPath(new URL("../../../bench/seeds.py", import.meta.url))

/** Whether there was a Python that could: an older one, or none at all, leaves the folder empty. */
const pythonWrites = (directory: string) =>
  Effect.async<boolean>((resume) => {
    const child = execFile("python3", [script, directory], (error) => resume(Effect.succeed(error === null)))
    return Effect.sync(() => void child.kill())
  })

const driverWrites = (filename: string) =>
  Effect.gen(function* () {
    yield* Effect.tryPromise({
      try: () => fs.writeFile(filename, "", { flag: "wx" }),
      catch: (cause) => StoreError.make("Unavailable", String(cause), cause)
    })
    const { run } = yield* SqliteThread.open({ filename, readonly: false })
    yield* run(OldHistory.table)
    for (const row of OldHistory.rows())
      yield* run("insert into events (product_id, event_type, data, occurred_at) values (?, ?, ?, ?)", ...row)
  })
