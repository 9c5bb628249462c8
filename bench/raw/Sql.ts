/** What both ways of writing SQL by hand have in common. */
import BetterSqlite3 from "better-sqlite3"

export type Database = BetterSqlite3.Database

/** How sure a commit is. */
export type Durability = "FULL" | "NORMAL"

/** Opens a file with the settings that everfold's files have. */
export const open = (filename: string, durability: Durability): Database => {
  const database = new BetterSqlite3(filename)
  for (const setting of [
    "journal_mode = wal",
    `synchronous = ${durability}`,
    "foreign_keys = on",
    "cell_size_check = on",
    "recursive_triggers = on",
    "journal_size_limit = 67108864"
  ]) {
    database.pragma(setting)
  }
  return database
}

/** Runs work under the write lock: all of it, or nothing. */
export const transaction = (database: Database) => {
  const begin = database.prepare("begin immediate")
  const commit = database.prepare("commit")
  return <A>(work: () => A): A => {
    begin.run()
    try {
      const result = work()
      commit.run()
      return result
    } catch (error) {
      if (database.inTransaction) database.exec("rollback")
      throw error
    }
  }
}

/** Inserts rows, each with the same statement: many with one statement cost more. `what` ends with the columns. */
export const inserter = (database: Database, what: string, columns: number) => {
  const values = Array.from({ length: columns }, () => "?").join(", ")
  const insert = database.prepare(`insert ${what} values (${values})`)
  return (rows: ReadonlyArray<ReadonlyArray<unknown>>): void => {
    for (const row of rows) insert.run(row)
  }
}
