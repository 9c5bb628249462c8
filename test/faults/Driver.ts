/** The SQLite driver of this process, with something around each of its statements. No Layer reaches so far down. */
import Database from "better-sqlite3"
import { basename } from "node:path"

/** A statement on its way to SQLite. */
export interface Statement {
  /** On one line. */
  readonly sql: string
  /** The name of the database file, without its folder. */
  readonly file: string
  /** What it is given, where that is known. */
  readonly params?: ReadonlyArray<unknown>
}

/** Runs a statement, or does something else: before it, after it, or in its place. */
export type Around = (statement: Statement, run: () => unknown) => unknown

/** Puts it around every statement that is prepared from now on. */
export const around = (hook: Around): void => {
  const prepare = Database.prototype.prepare
  const prepared = function (this: Database.Database, source: string) {
    const statement = prepare.call(this, source)
    const seen = { sql: source.replace(/\s+/g, " ").trim(), file: basename(this.name) }
    for (const method of ["run", "all"] as const) {
      const original = statement[method]
      const replaced = (...params: Array<unknown>) =>
        hook({ ...seen, params: params.flat() }, () => Reflect.apply(original, statement, params))
      Object.assign(statement, { [method]: replaced })
    }
    return statement
  }
  Object.assign(Database.prototype, { prepare: prepared })
}

/** What the driver throws. */
export const failure = (code: string, message: string): Error => new Database.SqliteError(message, code)
