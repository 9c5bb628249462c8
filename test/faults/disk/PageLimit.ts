/** Databases of few pages, where nobody may mount a file system: SQLite says that the disk is full. */
import Database from "better-sqlite3"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/** Limits the databases of a folder to so many bytes each, until the scope closes. */
export const set = (directory: string, bytes: number): Effect.Effect<void, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => {
      pages = Math.ceil(bytes / pageSize)
      Object.assign(Database.prototype, { prepare: limiting(directory) })
    }),
    () =>
      Effect.sync(() => {
        Object.assign(Database.prototype, { prepare })
        connections.clear()
      })
  )

/** Moves the limit, also for those that are open. */
export const raise = (bytes: number): Effect.Effect<void> =>
  Effect.sync(() => {
    pages = Math.ceil(bytes / pageSize)
    for (const connection of connections) if (connection.open) limit(connection)
  })

// internal

const pageSize = 4096

const { prepare } = Database.prototype

const connections = new Set<Database.Database>()

let pages = Infinity

const limit = (connection: Database.Database) => connection.pragma(`max_page_count = ${pages}`)

/** The limit is the connection's own, so each that can write gets it with its first statement. */
const limiting = (directory: string) =>
  function (this: Database.Database, sql: string) {
    if (this.name.startsWith(directory) && !this.readonly && !connections.has(this)) {
      connections.add(this)
      limit(this)
    }
    return prepare.call(this, sql)
  }
