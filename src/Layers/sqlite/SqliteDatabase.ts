/**
 * Opens a database file: one connection that writes, one that only reads. Everything that can be wrong with
 * the file is a `StoreError`, and no wait blocks the event loop.
 */
import * as Reactivity from "@effect/experimental/Reactivity"
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as SqliteClient from "@effect/sql-sqlite-node/SqliteClient"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as StoreError from "../../Services/StoreError.ts"
import * as WriteTransaction from "../sql/WriteTransaction.ts"
import * as SqliteFailure from "./SqliteFailure.ts"

/** How sure a return of a write is: `FULL` survives a power cut, `NORMAL` only a crash of the program. */
export type Durability = "FULL" | "NORMAL"

/** Which file, and what is to be in it. */
export interface Options {
  readonly filename: string
  /** Marks our files, so that nobody else's is written to. */
  readonly applicationId: number
  /** The statements of each version of the schema, oldest first; never changed once released. */
  readonly migrations: ReadonlyArray<ReadonlyArray<string>>
  readonly durability: Durability
}

/** An open database. */
export interface Database {
  readonly write: WriteTransaction.WriteTransaction
  /** Rows as arrays, from a connection that cannot write. */
  readonly read: (
    statement: string,
    params: ReadonlyArray<unknown>
  ) => Effect.Effect<ReadonlyArray<ReadonlyArray<unknown>>, StoreError.StoreError>
  /** The connection that cannot write. */
  readonly reader: Connection
  readonly storeError: (error: SqlError) => StoreError.StoreError
}

/** Opens the file, creates or migrates what is in it, and closes it with the scope. */
export const open = (options: Options): Effect.Effect<Database, StoreError.StoreError, Scope.Scope> =>
  Effect.gen(function* () {
    const { durability, filename } = options
    const storeError = SqliteFailure.storeError(filename)
    const connection = yield* connect(filename, false)
    yield* setPragmas(connection, storeError, [
      ["journal_mode", "wal", "wal"],
      ["synchronous", durability, durability === "FULL" ? 2 : 1],
      ["foreign_keys", "on", 1],
      ["trusted_schema", "off", 0],
      ["cell_size_check", "on", 1],
      ["recursive_triggers", "on", 1],
      ["journal_size_limit", 67_108_864, 67_108_864]
    ])
    const write = yield* WriteTransaction.make({ connection, begin: "BEGIN IMMEDIATE", storeError })
    yield* migrate(options, connection, write, storeError)

    const reader = yield* connect(filename, true)
    yield* setPragmas(reader, storeError, [
      ["query_only", "on", 1],
      ["trusted_schema", "off", 0]
    ])
    const read: Database["read"] = (statement, params) =>
      Effect.mapError(reader.executeValues(statement, params), storeError)
    return { write, read, reader, storeError }
  })

// internal

type ToStoreError = (error: SqlError) => StoreError.StoreError

/** A connection of its own. Opening waits for nobody: better-sqlite3 would wait for a lock by blocking. */
const connect = (filename: string, readonly: boolean) =>
  Effect.gen(function* () {
    const client = yield* SqliteClient.make({ filename, readonly, disableWAL: true })
    const connection = yield* client.reserve
    yield* connection.executeRaw("pragma busy_timeout = 10", [])
    return connection
  }).pipe(
    Effect.provide(Reactivity.layer),
    Effect.catchAll((error) => Effect.fail(SqliteFailure.storeError(filename)(error))),
    Effect.catchAllDefect((defect) => Effect.fail(SqliteFailure.fromCause(filename, defect)))
  )

/** Sets pragmas and reads each back, because SQLite ignores silently what it cannot do. */
const setPragmas = (
  connection: Connection,
  storeError: ToStoreError,
  pragmas: ReadonlyArray<readonly [name: string, value: string | number, expected: string | number]>
) =>
  Effect.forEach(
    pragmas,
    ([name, value, expected]) =>
      Effect.gen(function* () {
        yield* Effect.mapError(connection.executeRaw(`pragma ${name} = ${value}`, []), storeError).pipe(
          Effect.retry({ schedule: patience, while: (error) => error.reason === "Busy" })
        )
        const actual = yield* pragma(connection, storeError, name)
        if (actual !== expected) {
          return yield* StoreError.make("Unavailable", `pragma ${name} is ${String(actual)}, not ${expected}`)
        }
      }),
    { discard: true }
  )

const patience = Schedule.intersect(Schedule.spaced("20 millis"), Schedule.recurs(250))

const pragma = (connection: Connection, storeError: ToStoreError, name: string) =>
  Effect.mapBoth(connection.executeValues(`pragma ${name}`, []), {
    onFailure: storeError,
    onSuccess: (rows) => rows[0]?.[0]
  })

const migrate = (
  { applicationId, filename, migrations }: Options,
  connection: Connection,
  write: WriteTransaction.WriteTransaction,
  storeError: ToStoreError
) =>
  Effect.gen(function* () {
    const current = Effect.gen(function* () {
      const owner = yield* pragma(connection, storeError, "application_id")
      const version = Number(yield* pragma(connection, storeError, "user_version"))
      const tables = yield* Effect.mapError(
        connection.executeValues("select count(*) from sqlite_schema", []),
        storeError
      )
      if (owner !== applicationId && (owner !== 0 || tables[0]?.[0] !== 0)) {
        return yield* StoreError.make("NotADatabase", `${filename} is a database of another program`)
      }
      if (version > migrations.length) {
        return yield* StoreError.make(
          "NewerSchema",
          `${filename} has schema version ${version}; this program knows ${migrations.length}`
        )
      }
      return version
    })
    if ((yield* current) === migrations.length) return
    // Another process may have migrated between the look and the lock.
    yield* write.run((locked) =>
      Effect.gen(function* () {
        const statements = migrations.slice(yield* current).flat()
        yield* locked.executeRaw(`pragma application_id = ${applicationId}`, [])
        for (const statement of statements) yield* locked.executeRaw(statement, [])
        yield* locked.executeRaw(`pragma user_version = ${migrations.length}`, [])
      })
    )
  })
