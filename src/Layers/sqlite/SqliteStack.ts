/** The whole kernel on SQLite: the log and the read database, two files in one directory. */
import { join } from "node:path"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Doorbell } from "../../Services/Doorbell.ts"
import { EventStore } from "../../Services/EventStore.ts"
import { Leases } from "../../Services/Leases.ts"
import { Notes } from "../../Services/Notes.ts"
import { ProjectionStore } from "../../Services/ProjectionStore.ts"
import { ReadModel } from "../../Services/ReadModel.ts"
import { Snapshots } from "../../Services/Snapshots.ts"
import type { StoreError } from "../../Services/StoreError.ts"
import { Verification } from "../../Services/Verification.ts"
import * as Engine from "../Engine.ts"
import * as QueueDoorbell from "../QueueDoorbell.ts"
import * as UuidIds from "../UuidIds.ts"
import { ReadDb } from "../sql/ReadDb.ts"
import { TableStore } from "../sql/TableStore.ts"
import * as SqliteDatabase from "./SqliteDatabase.ts"
import * as SqliteEventStore from "./SqliteEventStore.ts"
import * as SqliteFiles from "./SqliteFiles.ts"
import * as SqliteLeases from "./SqliteLeases.ts"
import * as SqliteLog from "./SqliteLog.ts"
import * as SqliteNotes from "./SqliteNotes.ts"
import * as SqliteProjectionStore from "./SqliteProjectionStore.ts"
import * as SqliteReadDatabase from "./SqliteReadDatabase.ts"
import * as SqliteReadModel from "./SqliteReadModel.ts"
import * as SqliteSnapshots from "./SqliteSnapshots.ts"
import * as SqliteTableStore from "./SqliteTableStore.ts"
import * as SqliteVerification from "./SqliteVerification.ts"

/** Where the files are, and how they are used. */
export interface Options {
  /** Made if it is not there: `log.db`, which must be kept, and `read.db`, which can be built again. */
  readonly directory: string
  /** How sure a return of `append` is; default `FULL`, which survives a power cut. */
  readonly durability?: SqliteDatabase.Durability
  /** How long a commit of another process may stay unnoticed; default 250 ms. */
  readonly poll?: Duration.DurationInput
  /** After this long without a sign of life its subscribers are run by another program; default 5 seconds. */
  readonly lease?: Duration.DurationInput
}

/** What a stack on SQL adds: tables of a projection's own. */
export type Stack = Engine.Stack | ReadDb | TableStore

/** A log and a read database that outlive the program and may be shared by several. */
export const layer = ({
  directory,
  durability = "FULL",
  lease = "5 seconds",
  poll = "250 millis"
}: Options): Layer.Layer<Stack, StoreError> =>
  Engine.layer({ lease, poll }).pipe(
    Layer.provideMerge(logDatabase(join(directory, "log.db"), durability)),
    Layer.provideMerge(readDatabase(join(directory, "read.db"))),
    Layer.provide(QueueDoorbell.layer),
    Layer.provideMerge(UuidIds.layer),
    Layer.provide(Layer.effectDiscard(SqliteFiles.makeFolder(directory)))
  )

/** The log in a file, the snapshots of its streams, written by the same writer, and whoever looks after it. */
export const logDatabase = (
  filename: string,
  durability: SqliteDatabase.Durability = "FULL"
): Layer.Layer<EventStore | Leases | Notes | Snapshots | Verification, StoreError, Doorbell> =>
  Layer.scopedContext(
    Effect.gen(function* () {
      const { applicationId, migrations } = SqliteLog
      const database = yield* SqliteDatabase.open({ filename, applicationId, migrations, durability })
      return Context.make(EventStore, yield* SqliteEventStore.over(database)).pipe(
        Context.add(Notes, SqliteNotes.over(database)),
        Context.add(Leases, SqliteLeases.over(database)),
        Context.add(Snapshots, SqliteSnapshots.over(database)),
        Context.add(Verification, SqliteVerification.make({ filename }))
      )
    })
  )

/** The read database in a file: projections, queries, and tables of a projection's own. */
export const readDatabase = (
  filename: string
): Layer.Layer<ProjectionStore | ReadModel | ReadDb | TableStore, StoreError> =>
  Layer.scopedContext(
    Effect.gen(function* () {
      const { applicationId, migrations } = SqliteReadDatabase
      // What is lost in a power cut is built again: rows and position are lost together.
      const database = yield* SqliteDatabase.open({
        filename,
        applicationId,
        migrations,
        durability: "NORMAL"
      })
      return Context.make(ProjectionStore, SqliteProjectionStore.make(database)).pipe(
        Context.add(ReadModel, SqliteReadModel.make(database)),
        Context.add(TableStore, SqliteTableStore.make(database)),
        Context.add(ReadDb, yield* database.client)
      )
    })
  )
