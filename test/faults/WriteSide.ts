/** The write side alone, as many programs as there may be on one log: in memory one, on a file two. */
import type {
  CommandHandler,
  Doorbell,
  EventStore,
  Ids,
  Leases,
  MessageBus,
  Notes,
  Ownership,
  Snapshots,
  Snapshotter,
  StoreError,
  Subscriptions
} from "everfold"
import {
  Engine,
  Limits,
  MemoryEventStore,
  MemoryLeases,
  MemorySnapshots,
  QueueDoorbell,
  SequentialIds
} from "everfold"
import { SqliteStack } from "everfold/sqlite"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** What a client can ask for. */
export type WriteSide =
  | CommandHandler.CommandHandler
  | EventStore.EventStore
  | Ids.Ids
  | MessageBus.MessageBus
  | Notes.Notes
  | Ownership.Ownership
  | Snapshots.Snapshots
  | Snapshotter.Snapshotter
  | Subscriptions.Subscriptions

/** A log that stacks can be opened on. */
export interface Log {
  /** In memory there is only one, which is always open. */
  readonly stack: Effect.Effect<Context.Context<WriteSide>, StoreError.StoreError, Scope.Scope>
  /** Where it is, if it is in a file. */
  readonly file: string | undefined
}

/** Two stacks on one log, or the only one twice. */
export interface Clients {
  readonly here: Context.Context<WriteSide>
  readonly there: Context.Context<WriteSide>
}

/** Opens two stacks. */
export const open = ({ stack }: Log): Effect.Effect<Clients, StoreError.StoreError, Scope.Scope> =>
  Effect.all({ here: stack, there: stack })

/** What is different from what everybody has. */
export interface Options {
  readonly limits?: Parameters<typeof Limits.layer>[0]
  /** Changes the log under the stacks. */
  readonly around?: (log: LogLayer) => LogLayer
}

/** The port of the log, and what keeps states beside it. */
export type LogLayer = Layer.Layer<
  EventStore.EventStore | Leases.Leases | Notes.Notes | Snapshots.Snapshots,
  StoreError.StoreError,
  Doorbell.Doorbell | Ids.Ids
>

/** Where logs can be. */
export interface Place {
  readonly name: string
  /** Whether a log is still there when all stacks are closed. */
  readonly onFile: boolean
  /** How often fibers give way there: seldom where a stack that meets a locked file waits without giving way. */
  readonly share: number
  /** A new log, with its stacks not open yet. */
  readonly log: (options?: Options) => Effect.Effect<Log, StoreError.StoreError, Scope.Scope>
}

/** In memory. */
export const memory: Place = {
  name: "memory",
  onFile: false,
  share: 0.05,
  log: (options) =>
    Effect.map(
      build(Layer.mergeAll(MemoryEventStore.layer, MemoryLeases.layer, MemorySnapshots.layer), options),
      (only) => ({
        stack: Effect.succeed(only),
        file: undefined
      })
    )
}

/** In a file that is in memory, where the machine has a place for that. */
export const file: Place = onFile("file", existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "NORMAL")

/** In a file on the disk, where a return means durable. */
export const disk: Place = onFile("disk", tmpdir(), "FULL")

// internal

function onFile(name: string, parent: string, durability: "FULL" | "NORMAL"): Place {
  return {
    name,
    onFile: true,
    share: 0.005,
    log: (options) =>
      Effect.map(folderIn(parent), (directory) => {
        const filename = join(directory, "log.db")
        return { stack: build(SqliteStack.logDatabase(filename, durability), options), file: filename }
      })
  }
}

const build = (log: LogLayer, { around = identity, limits = {} }: Options = {}) =>
  Engine.layer().pipe(
    Layer.provideMerge(around(log)),
    Layer.provide(QueueDoorbell.layer),
    Layer.provideMerge(SequentialIds.layer),
    Layer.provide(Limits.layer(limits)),
    Layer.build
  )

const folderIn = (parent: string) =>
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(parent, "everfold-"))),
    (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true }))
  )
