/**
 * Opens a database file: one connection that writes, one that only reads. Everything that can be wrong with
 * the file is a `StoreError`, and no wait blocks the event loop.
 */
import { statSync } from "node:fs"
import type * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as StoreError from "../../Services/StoreError.ts"
import * as WriteTransaction from "../sql/WriteTransaction.ts"
import * as EventLoop from "../EventLoop.ts"
import * as Turn from "../Turn.ts"
import * as SqliteConnection from "./SqliteConnection.ts"
import type { Session } from "./SqliteSession.ts"
import * as SqliteSession from "./SqliteSession.ts"
import * as SqliteFailure from "./SqliteFailure.ts"
import * as SqliteMigrations from "./SqliteMigrations.ts"
import { patiently } from "./SqlitePatience.ts"
import * as SqliteTransaction from "./SqliteTransaction.ts"

/** How sure a return of a write is: `FULL` survives a power cut, `NORMAL` only a crash of the program. */
export type Durability = "FULL" | "NORMAL"

/** Which file, what is to be in it, and how sure a return of a write is. */
export interface Options extends SqliteMigrations.Options {
  readonly durability: Durability
}

/** An open database. */
export interface Database {
  /** Refuses as `ReadOnly` to write when the file was deleted or replaced since it was opened. */
  readonly write: {
    /** As `WriteTransaction.run`; the session is that of the connection, for plain calls in the same transaction. */
    readonly run: <A, E, R>(
      body: (connection: Connection, session: Session) => Effect.Effect<A, E, R>
    ) => Effect.Effect<A, Exclude<E, SqlError> | StoreError.StoreError, R>
  }
  /** The same for plain calls, which are done in a transaction of their own: whatever they throw rolls it back. */
  readonly transact: SqliteTransaction.Transact
  /**
   * Plain calls that only read: on the connection that writes while it has nothing to do, because what that has written
   * it need not read again, else on another one.
   */
  readonly look: <A>(work: (session: Session) => A) => Effect.Effect<A, StoreError.StoreError>
  /** Rows as arrays, from a connection that cannot write. */
  readonly read: (
    statement: string,
    params: ReadonlyArray<unknown>
  ) => Effect.Effect<ReadonlyArray<ReadonlyArray<unknown>>, StoreError.StoreError>
  /** What the failure of a statement means. */
  readonly storeError: (error: SqlError) => StoreError.StoreError
  /**
   * Another connection that cannot write, for statements of somebody else's: what they begin does not hold up
   * `read`.
   */
  readonly client: Effect.Effect<SqlClient.SqlClient, StoreError.StoreError, Scope.Scope>
}

/** Opens the file, creates or migrates what is in it, and closes it with the scope. */
export const open = (options: Options): Effect.Effect<Database, StoreError.StoreError, Scope.Scope> =>
  Effect.gen(function* () {
    const { durability, filename } = options
    const session = yield* opened(filename, false)
    const version = patiently(attempt(filename, () => SqliteMigrations.version(session, options)))
    yield* version
    yield* setPragmas(filename, session, [
      ["journal_mode", "wal", "wal"],
      ["synchronous", durability, durability === "FULL" ? 2 : 1],
      ["foreign_keys", "on", 1],
      ["cell_size_check", "on", 1],
      ["recursive_triggers", "on", 1],
      ["journal_size_limit", 67_108_864, 67_108_864]
    ])
    const turn = Turn.make()
    const check = yield* attempt(filename, () => stillInPlace(filename))
    const breathe = EventLoop.breathing()
    const storeError = SqliteFailure.storeError(filename)
    const transaction = WriteTransaction.make({
      connection: SqliteConnection.over(session),
      turn,
      begin: "BEGIN IMMEDIATE",
      storeError,
      isInside: session.inTransaction
    })
    const plain = SqliteTransaction.make({ filename, session, turn, check })
    const write: Database["write"] = {
      run: (body) =>
        breathe(transaction.run((locked) => Effect.zipRight(attempt(filename, check), body(locked, session))))
    }
    const transact: Database["transact"] = (work) => breathe(plain(work))
    // What could not be rolled back must not be seen.
    const idle = () => (turn.isFree() && !session.inTransaction() ? session : undefined)
    if ((yield* version) < options.migrations.length) {
      yield* transact((session) => SqliteMigrations.migrate(session, options))
    }

    return {
      ...(yield* reading(filename, { breathe, idle })),
      write,
      transact,
      storeError,
      client: SqliteConnection.client(opened(filename, true))
    }
  })

/** Only reads: nothing is created, migrated or held up. What is in the file is taken for ours. */
export const reading = (
  filename: string,
  { breathe = EventLoop.breathing(), idle = () => undefined }: Reading = {}
): Effect.Effect<Pick<Database, "look" | "read">, StoreError.StoreError, Scope.Scope> =>
  Effect.map(opened(filename, true), (session) => {
    const on = <A>(work: () => A) => breathe(patiently(attempt(filename, work)))
    return {
      look: (work) => on(() => work(idle() ?? session)),
      read: (statement, params) => on(() => session.values(statement, params))
    }
  })

// internal

/** How somebody reads who writes as well. */
interface Reading {
  readonly breathe?: ReturnType<typeof EventLoop.breathing>
  /** The connection that writes, while it has nothing to do. */
  readonly idle?: () => Session | undefined
}

/** Which file has this name; SQLite itself does not notice when it is another one. */
const fileOf = (filename: string) => {
  const found = statSync(filename, { bigint: true, throwIfNoEntry: false })
  return found && `${found.dev}/${found.ino}`
}

/** Throws when the file has lost its name since: nobody would ever find what is written to it. */
const stillInPlace = (filename: string) => {
  const opened = fileOf(filename)
  return () => {
    if (fileOf(filename) === opened) return
    throw StoreError.make("ReadOnly", `${filename} was deleted or replaced while it was open: start again`)
  }
}

const attempt = <A>(filename: string, work: () => A): Effect.Effect<A, StoreError.StoreError> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(work())
    } catch (cause) {
      return Effect.fail(SqliteFailure.fromCause(filename, cause))
    }
  })

/** A session for as long as the scope is open. */
const opened = (filename: string, readonly: boolean) =>
  Effect.gen(function* () {
    const session = yield* Effect.acquireRelease(
      attempt(filename, () => SqliteSession.open(filename, readonly)),
      (session) => Effect.sync(() => session.close())
    )
    // Names in a file that somebody has made may not call what they please.
    yield* patiently(attempt(filename, () => session.values("pragma trusted_schema = off", [])))
    return session
  })

/** Sets pragmas and reads each back, because SQLite ignores silently what it cannot do. */
const setPragmas = (
  filename: string,
  { values }: Session,
  pragmas: ReadonlyArray<readonly [name: string, value: string | number, expected: string | number]>
) =>
  Effect.forEach(
    pragmas,
    ([name, value, expected]) =>
      patiently(
        attempt(filename, () => {
          values(`pragma ${name} = ${value}`, [])
          const actual = values(`pragma ${name}`, [])[0]?.[0]
          if (actual === expected) return
          throw StoreError.make("Unavailable", `pragma ${name} is ${String(actual)}, not ${expected}`)
        })
      ),
    { discard: true }
  )
