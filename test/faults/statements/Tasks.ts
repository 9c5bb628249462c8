/** What is done to files as a whole: they are opened, migrated, copied, verified. */
import { Verification } from "everfold"
import type { StoreError, Subscriptions } from "everfold"
import { SqliteBackup, SqliteVerification } from "everfold/sqlite"
import Database from "better-sqlite3"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { readdirSync } from "node:fs"
import { dirname, join } from "node:path"
import { isDeepStrictEqual } from "node:util"
import * as SqliteDatabase from "../../../src/Layers/sqlite/SqliteDatabase.ts"
import * as SqliteLog from "../../../src/Layers/sqlite/SqliteLog.ts"
import * as Files from "./Files.ts"
import * as Program from "./Program.ts"
import * as World from "./World.ts"

/** Something that is done to the files of a folder. */
export interface Task {
  readonly name: string
  /** The folder, made from the one of a history. */
  readonly files: (history: string) => Effect.Effect<string, never, Scope.Scope>
  readonly run: (directory: string) => Effect.Effect<unknown, Failure, Scope.Scope>
  /** What is not as it should be, once it was done. */
  readonly damage: (directory: string) => Effect.Effect<ReadonlyArray<string>, Failure>
}

type Failure = StoreError.StoreError | Subscriptions.DuplicateSubscriber

/** Opens a program, which says nothing. */
const program = (directory: string) => Effect.asVoid(Program.open(directory, true))

const unfinished = (directory: string) =>
  Effect.gen(function* () {
    const { context } = yield* Program.open(directory, true)
    const stuck = yield* Effect.provide(Program.stuck, context)
    return [...stuck, ...Files.unfinished(directory)]
  }).pipe(Effect.scoped)

/** What the next versions of the schema may have to do. */
const later = [
  ["create table later (n integer) strict", "insert into later values (1)"],
  ["alter table later add column m integer", "insert into later values (2, 2)"]
]

const migrating = (directory: string) =>
  SqliteDatabase.open({
    filename: join(directory, "log.db"),
    applicationId: SqliteLog.applicationId,
    migrations: [...SqliteLog.migrations, ...later],
    durability: "NORMAL"
  }).pipe(Effect.asVoid)

const migrated = (directory: string) =>
  Effect.sync(() => {
    const database = new Database(join(directory, "log.db"))
    const rows = database.prepare("select n, m from later").raw().all()
    database.close()
    return JSON.stringify(rows) === "[[1,null],[2,2]]" ? [] : [`not migrated once: ${JSON.stringify(rows)}`]
  })

const backup = (directory: string) =>
  SqliteBackup.backup({ directory, to: join(directory, "copy.db"), overwrite: true })

const restore = (directory: string) =>
  SqliteBackup.restore({
    from: join(directory, "log.db"),
    directory: join(directory, "restored"),
    replace: true
  }).pipe(Effect.map(({ report }) => report))

const verify = (directory: string) =>
  Effect.provide(Verification.verify(), SqliteVerification.layer({ filename: join(directory, "log.db") }))

/** A copy that is another log than its original, and what was left lying about. */
const copied = (name: string) => (directory: string) =>
  Effect.sync(() => {
    const parts = readdirSync(join(directory, dirname(name))).filter((file) => file.includes(".part-"))
    const same = isDeepStrictEqual(Files.events(join(directory, name)), Files.log(directory))
    return [...parts.map((part) => `${part} is left`), ...(same ? [] : [`${name} is another log`])]
  })

const unchanged = () => Effect.succeed([])

export const tasks: ReadonlyArray<Task> = [
  { name: "open: a new folder", files: () => World.folder, run: program, damage: unfinished },
  { name: "open: a history", files: World.copyOf, run: program, damage: unfinished },
  { name: "open: an older version", files: World.copyOf, run: migrating, damage: migrated },
  { name: "backup", files: World.copyOf, run: backup, damage: copied("copy.db") },
  { name: "restore", files: World.copyOf, run: restore, damage: copied("restored/log.db") },
  { name: "verify", files: World.copyOf, run: verify, damage: unchanged }
]
