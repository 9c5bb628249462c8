/** Lays a log in a SQLite file open: rows as they are, and what SQLite itself can check. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { Found } from "../../Domain/Continuity.ts"
import * as StoreError from "../../Services/StoreError.ts"
import type { Evidence } from "../../Services/Verification.ts"
import { Verification } from "../../Services/Verification.ts"
import * as SqliteFiles from "./SqliteFiles.ts"
import * as SqliteLog from "./SqliteLog.ts"
import * as SqliteSchema from "./SqliteSchema.ts"
import * as SqliteThread from "./SqliteThread.ts"

/** Which file; it must be there, and nothing is written to it. */
export interface Options {
  readonly filename: string
}

export const make = ({ filename }: Options) =>
  Verification.of({
    open: Effect.gen(function* () {
      const thread = yield* openLog(filename)
      return {
        // One by one where a page cannot be read, so that the one is found which cannot.
        events: (after) =>
          Effect.catchIf(page(thread, after, pageSize), isCorrupt, () => page(thread, after, 1)),
        checkpoints: Effect.map(
          thread.run("select subscriber, position from checkpoints"),
          (rows) => new Map(rows.map(([subscriber, position]) => [String(subscriber), Number(position)]))
        ),
        faults: faults(thread)
      } satisfies Evidence
    })
  })

/** The log in a file, in use or not. */
export const layer = (options: Options): Layer.Layer<Verification> =>
  Layer.succeed(Verification, make(options))

/** A thread that reads a log; refuses what is none, and what a newer program has written. */
export const openLog = (
  filename: string
): Effect.Effect<SqliteThread.Thread, StoreError.StoreError, Scope.Scope> =>
  Effect.gen(function* () {
    if (!(yield* SqliteFiles.exists(filename))) {
      return yield* StoreError.make("Unavailable", `there is no ${filename}`)
    }
    const thread = yield* SqliteThread.open({ filename })
    const [owner] = yield* thread.run("pragma application_id")
    if (owner?.[0] !== SqliteLog.applicationId) {
      return yield* StoreError.make("NotADatabase", `${filename} is no log`)
    }
    const version = yield* schemaVersion(thread)
    const known = SqliteLog.migrations.length
    return version <= known
      ? thread
      : yield* StoreError.make(
          "NewerSchema",
          `${filename} has schema version ${version}; this program knows ${known}`
        )
  })

// internal

/** So few that a page of the largest events fits into memory. */
const pageSize = 200

const selectEvents = `select ${SqliteLog.written},
    (select position from events as previous
      where previous.stream = events.stream and previous.version = events.version - 1)
  from events where position > ? order by position limit ?`

const page = (thread: SqliteThread.Thread, after: number, limit: number) =>
  Effect.map(thread.run(selectEvents, after, limit), (rows) => rows.map(found))

const isCorrupt = ({ reason }: StoreError.StoreError) => reason === "Corrupt"

const found = (row: ReadonlyArray<unknown>): Found => {
  const previous = row.at(-1)
  return {
    stored: SqliteLog.fromRow(row),
    previous: previous === null ? undefined : Number(previous),
    damage: SqliteLog.fits(row.slice(0, -1)) ? undefined : "its checksum does not fit what is stored"
  }
}

const schemaVersion = (thread: SqliteThread.Thread) =>
  Effect.map(thread.run("pragma user_version"), ([row]) => Number(row?.[0]))

const faults = (thread: SqliteThread.Thread): Evidence["faults"] =>
  Effect.gen(function* () {
    const checked = yield* thread.run("pragma integrity_check(20)")
    const damage = checked.map(([line]) => String(line)).filter((line) => line !== "ok")
    const migrations = SqliteLog.migrations.slice(0, yield* schemaVersion(thread))
    const [identities] = yield* thread.run("select count(*) from log where epoch > 0")
    return [
      ...damage.map((line) => ({ reason: "Damaged", details: `SQLite finds: ${line}` }) as const),
      ...(yield* SqliteSchema.differences(thread, migrations)).map(altered),
      ...(identities?.[0] === 1 ? [] : [altered("the log has not one identity")])
    ]
  })

const altered = (details: string) => ({ reason: "Altered", details }) as const
