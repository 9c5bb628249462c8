/** The files of a program that may be running, for whoever only looks: nothing is written, migrated or held up. */
import { join } from "node:path"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { Doorbell } from "../../Services/Doorbell.ts"
import type { EventStore } from "../../Services/EventStore.ts"
import * as EventStorePort from "../../Services/EventStore.ts"
import { Leases } from "../../Services/Leases.ts"
import { Notes } from "../../Services/Notes.ts"
import * as StoreError from "../../Services/StoreError.ts"
import type { Database } from "./SqliteDatabase.ts"
import * as SqliteDatabase from "./SqliteDatabase.ts"
import * as SqliteEventStore from "./SqliteEventStore.ts"
import * as SqliteFailure from "./SqliteFailure.ts"
import * as SqliteFiles from "./SqliteFiles.ts"
import * as SqliteLeases from "./SqliteLeases.ts"
import * as SqliteNotes from "./SqliteNotes.ts"
import * as SqliteReadDatabase from "./SqliteReadDatabase.ts"
import * as SqliteThread from "./SqliteThread.ts"
import * as SqliteVerification from "./SqliteVerification.ts"

/** Where `log.db` and `read.db` are. */
export interface Options {
  readonly directory: string
}

/** The log, its leases and its notes, on a connection that can only read: whatever writes is refused as `ReadOnly`. */
export const layer = ({
  directory
}: Options): Layer.Layer<EventStore | Leases | Notes, StoreError.StoreError> =>
  Layer.scopedContext(
    Effect.gen(function* () {
      const database = yield* readOnly(join(directory, "log.db"))
      const log = yield* Effect.provideService(SqliteEventStore.over(database), Doorbell, silent)
      return Context.make(EventStorePort.EventStore, log).pipe(
        Context.add(Notes, SqliteNotes.over(database)),
        Context.add(Leases, SqliteLeases.over(database))
      )
    })
  )

/** Where the rows of each projection are that readers see; nothing when there is no read database. */
export const positions = ({
  directory
}: Options): Effect.Effect<ReadonlyMap<string, number> | undefined, StoreError.StoreError> =>
  Effect.gen(function* () {
    const filename = join(directory, "read.db")
    if (!(yield* SqliteFiles.exists(filename))) return undefined
    const thread = yield* SqliteThread.open({ filename })
    const [owner] = yield* thread.run("pragma application_id")
    if (owner?.[0] !== SqliteReadDatabase.applicationId) {
      return yield* StoreError.make("NotADatabase", `${filename} is no read database`)
    }
    const rows = yield* thread.run(
      "select projection, position from generations where state = 'serving' order by version"
    )
    return new Map(rows.map(([projection, position]) => [String(projection), Number(position)]))
  }).pipe(Effect.scoped)

// internal

const readOnly = (filename: string): Effect.Effect<Database, StoreError.StoreError, Scope.Scope> =>
  Effect.gen(function* () {
    yield* Effect.scoped(SqliteVerification.openLog(filename))
    const refused = Effect.fail(StoreError.make("ReadOnly", `${filename} is only looked at`))
    return {
      ...(yield* SqliteDatabase.reading(filename)),
      write: { run: () => refused },
      transact: () => refused,
      storeError: SqliteFailure.storeError(filename),
      client: refused
    }
  })

/** Nobody who writes, nobody to be told. */
const silent = Doorbell.of({ ring: () => undefined, rung: () => Effect.never })
