/** An open file as plain calls: statements are prepared once, and run at once. */
import * as SqliteDriver from "./SqliteDriver.ts"

/** Runs statements, one after the other; each throws what SQLite says. */
export interface Session {
  /** The rows of a statement as arrays; none when it returns none. */
  readonly values: (text: string, params: ReadonlyArray<unknown>) => ReadonlyArray<ReadonlyArray<unknown>>
  /** The statement itself, for whoever wants its rows in another form. */
  readonly prepared: (text: string) => SqliteDriver.Statement
  /** Whether a transaction has begun, and not ended. */
  readonly inTransaction: () => boolean
  readonly close: () => void
}

/** Opens a file; throws when it cannot. */
export const open = (filename: string, readonly: boolean): Session => {
  // A wait for a lock stops everything else, so it is short.
  const database = SqliteDriver.open(filename, { readonly, timeout: 10 })
  const statements = new Map<string, SqliteDriver.Statement>()

  const prepared = (text: string): SqliteDriver.Statement => {
    const known = statements.get(text)
    if (known !== undefined) return known
    const statement = database.prepare(text)
    const [oldest] = statements.size < most ? [] : statements.keys()
    if (oldest !== undefined) statements.delete(oldest)
    statements.set(text, statement)
    return statement
  }

  const values: Session["values"] = (text, params) => {
    const statement = prepared(text)
    if (statement.reader) return statement.raw(true).all(params)
    statement.run(params)
    return []
  }

  return { values, prepared, inTransaction: () => database.inTransaction, close: () => database.close() }
}

// internal

/** Ours are fewer; of somebody who makes statements without end the newest stay prepared. */
const most = 256
