/** Where subscribers read and write: in memory, or in two files, with tables of their own. What is kept outlives them. */
import type {
  Doorbell,
  EventStore,
  Ids,
  Leases,
  Notes,
  ProjectionStore,
  ReadModel,
  StoreError
} from "everfold"
import {
  MemoryEventStore,
  MemoryLeases,
  MemoryReadModel,
  MemorySnapshots,
  QueueDoorbell,
  SequentialIds,
  type Snapshots,
  type Subscription,
  type Subscriptions
} from "everfold"
import { ReadDb, SqliteStack, TableProjector, TableStore } from "everfold/sqlite"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Sums, sums } from "./Sums.ts"

/** Both homes, and the doorbell that the log rings. */
export type Ports =
  | Doorbell.Doorbell
  | EventStore.EventStore
  | Ids.Ids
  | Leases.Leases
  | Notes.Notes
  | ProjectionStore.ProjectionStore
  | ReadModel.ReadModel
  | Snapshots.Snapshots

/** Stores that are open. */
export interface Stores {
  readonly ports: Context.Context<Ports>
  /** Runs the projection with tables of its own, where there is SQL. */
  readonly tables: Layer.Layer<
    never,
    Subscriptions.DuplicateSubscriber,
    Subscription.Requirements | ReadModel.ReadModel
  >
  /** What its tables say. */
  readonly sums: Effect.Effect<ReadonlyMap<string, number>, unknown> | undefined
}

/** Where stores can be. */
export interface Place {
  readonly name: string
  /** Opens new ones, until the scope closes. */
  readonly open: (
    doorbell?: Layer.Layer<Doorbell.Doorbell>
  ) => Effect.Effect<Stores, StoreError.StoreError, Scope.Scope>
}

/** In memory. */
export const memory: Place = {
  name: "memory",
  open: (doorbell = QueueDoorbell.layer) =>
    Effect.map(
      Layer.build(
        opened(
          Layer.mergeAll(
            MemoryEventStore.layer,
            MemoryLeases.layer,
            MemorySnapshots.layer,
            MemoryReadModel.layer
          ),
          doorbell
        )
      ),
      (ports) => ({ ports, tables: Layer.empty, sums: undefined })
    )
}

/** In two files, in memory where the machine has a place for that. */
export const file: Place = {
  name: "file",
  open: (doorbell = QueueDoorbell.layer) =>
    Effect.gen(function* () {
      const directory = yield* folderIn(existsSync("/dev/shm") ? "/dev/shm" : tmpdir())
      return yield* openIn(directory, doorbell)
    })
}

/** In the files of a folder. */
export const openIn = (
  directory: string,
  doorbell: Layer.Layer<Doorbell.Doorbell> = QueueDoorbell.layer
): Effect.Effect<Stores, StoreError.StoreError, Scope.Scope> =>
  Effect.gen(function* () {
    const databases = Layer.merge(
      SqliteStack.logDatabase(join(directory, "log.db"), "NORMAL"),
      SqliteStack.readDatabase(join(directory, "read.db"))
    )
    const ports = yield* Layer.build(opened(databases, doorbell))
    const sql = Context.pick(ReadDb.ReadDb, TableStore.TableStore)(ports)
    return {
      ports,
      tables: Layer.provide(TableProjector.layer(Sums), Layer.succeedContext(sql)),
      sums: Effect.provide(sums, sql)
    }
  })

/** A folder that is gone when the scope closes. */
export const folderIn = (parent: string): Effect.Effect<string, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(parent, "everfold-"))),
    (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true }))
  )

// internal

const opened = <A, E>(
  databases: Layer.Layer<A, E, Doorbell.Doorbell | Ids.Ids>,
  doorbell: Layer.Layer<Doorbell.Doorbell>
) => Layer.provideMerge(databases, Layer.merge(doorbell, SequentialIds.layer))
