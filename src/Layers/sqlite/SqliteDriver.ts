/**
 * better-sqlite3, the driver of @effect/sql-sqlite-node. It is a package of the client's, which may be hidden from this
 * one, so it is looked up from there.
 */
import { createRequire } from "node:module"

/** An open file. Every call is synchronous, and throws what SQLite says. */
export interface Database {
  readonly prepare: (statement: string) => Statement
  readonly inTransaction: boolean
  readonly close: () => void
}

/** A prepared statement. */
export interface Statement {
  /** It returns rows. */
  readonly reader: boolean
  /** Whether rows are arrays from now on, instead of objects. */
  readonly raw: (on: boolean) => Statement
  /** Whether integers are bigints from now on. */
  readonly safeIntegers: (on: boolean) => Statement
  readonly all: (params: ReadonlyArray<unknown>) => ReadonlyArray<never>
  readonly run: (params: ReadonlyArray<unknown>) => unknown
}

/** How a file is opened; a lock is waited for at most `timeout` milliseconds, in which nothing else happens. */
export interface Options {
  readonly readonly: boolean
  readonly timeout: number
}

/** Where the driver is. */
export const path = (): string => {
  const client = createRequire(import.meta.url).resolve("@effect/sql-sqlite-node/SqliteClient")
  return createRequire(client).resolve("better-sqlite3")
}

/** Opens a file; throws when it cannot. */
export const open = (filename: string, options: Options): Database => {
  const Driver: new (filename: string, options: Options) => Database = createRequire(import.meta.url)(path())
  return new Driver(filename, options)
}
