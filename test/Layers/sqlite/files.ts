/** What tests of SQLite files stand on. */
import Database from "better-sqlite3"
import type { StoreError } from "everfold"
import { EventStore, Expected, QueueDoorbell } from "everfold"
import { SqliteEventStore } from "everfold/sqlite"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { join } from "node:path"
import { folder } from "../Stacks.ts"

/** Where a log can be that goes with the scope. */
export const freshFile = Effect.map(folder, (directory) => join(directory, "log.db"))

/** The log in a file, open until the scope closes. */
export const openLog = (
  filename: string,
  durability: "FULL" | "NORMAL" = "NORMAL"
): Effect.Effect<
  Context.Tag.Service<typeof EventStore.EventStore>,
  StoreError.StoreError,
  Effect.Effect.Context<typeof folder>
> =>
  Effect.flatMap(
    Layer.build(Layer.provide(SqliteEventStore.layer({ filename, durability }), QueueDoorbell.layer)),
    (context) => Effect.provide(EventStore.EventStore, context)
  )

/** A connection as any other program would make it, with the pragmas that SQLite has by default. */
export const connect = (filename: string) =>
  Effect.acquireRelease(
    Effect.sync(() => new Database(filename, { timeout: 0 })),
    (connection) => Effect.sync(() => connection.close())
  )

/** So many events for a stream, whatever is there. Commits and payloads are numbered. */
export const commit = (stream: string, count: number, type = "Happened") => ({
  id: `${stream}/${type}/${++serial}`,
  metadata: { actor: "tester" },
  parts: [
    {
      stream,
      expected: Expected.any,
      events: Array.from({ length: count }, (_, index) => ({
        type,
        revision: 1,
        payload: JSON.stringify({ n: index + 1, note: "as it was" })
      }))
    }
  ]
})

let serial = 0

/** Lets other fibers and the event loop go on. */
export const turn = Effect.async<void>((resume) => {
  setImmediate(() => resume(Effect.void))
})

/** A log of six events in two streams, and a second connection to its file. */
export const sixEvents = Effect.gen(function* () {
  const file = yield* freshFile
  const log = yield* openLog(file)
  for (const [stream, type] of [
    ["Product-1", "Created"],
    ["Product-2", "Created"],
    ["Product-1", "Changed"]
  ] as const) {
    yield* log.append(commit(stream, 2, type))
  }
  return { file, log, raw: yield* connect(file) }
})

/** Takes the protection from a log, to damage it. */
export const withoutTriggers = (raw: Database.Database) => {
  for (const name of ["events_no_update", "events_no_delete", "events_next"]) raw.exec(`drop trigger ${name}`)
}
