/** Database files of a stage. */
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import * as Reactivity from "@effect/experimental/Reactivity"
import { SqlError } from "@effect/sql/SqlError"
import * as SqliteClient from "@effect/sql-sqlite-node/SqliteClient"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { Folder } from "../Folder.ts"

/** What ends a story before its end. */
export class Failed extends Data.TaggedError("Failed")<{ readonly message: string }> {}

/** A new file with these tables; refuses one that has tables already. */
export const create = (file: string, tables: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const sql = yield* open(file)
    const found = yield* sql`select name from sqlite_schema`
    if (found.length > 0) {
      return yield* new Failed({
        message: `${file} has tables already; name a folder of its own for this story`
      })
    }
    for (const table of tables) yield* sql.unsafe(table)
    return sql
  }).pipe(Effect.catchTag("SqlError", (error) => new Failed({ message: `${file}: ${reason(error)}` })))

/** Another connection to a file. */
export const open = (file: string) => connect(file, false)

/** Another connection, which cannot write, as that of a replica. */
export const openReadOnly = (file: string) => connect(file, true)

/** Why something was refused, in the words of SQLite if it was SQLite. */
export const reason = (error: { readonly message: string }): string =>
  error instanceof SqlError && error.cause instanceof Error ? error.cause.message : error.message

/** For a whole story: what it has not dealt with itself ends it. */
export const orFailed = <A, E extends { readonly message: string }, R>(story: Effect.Effect<A, E, R>) =>
  Effect.mapError(story, (error) => new Failed({ message: reason(error) }))

// internal

/** Opening is a defect of the client when it fails; whoever finds the file locked later is told so at once. */
const connect = (file: string, readonly: boolean) =>
  Effect.gen(function* () {
    const folder = yield* Folder
    yield* Effect.sync(() => mkdirSync(folder, { recursive: true }))
    const sql = yield* SqliteClient.make({ filename: join(folder, file), readonly, disableWAL: true })
    yield* sql`pragma busy_timeout = 0`
    return sql
  }).pipe(
    Effect.provide(Reactivity.layer),
    Effect.mapError(reason),
    Effect.catchAllDefect((defect) => Effect.fail(String(defect))),
    Effect.mapError((why) => new Failed({ message: `${file}: ${why}` }))
  )
