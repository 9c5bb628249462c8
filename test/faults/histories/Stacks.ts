/** Where a history takes place: the write side in memory, or two of them on one file. */
import type { CommandHandler, Doorbell, EventStore, Ids, Snapshots, StoreError } from "everfold"
import { Engine, Limits, MemoryEventStore, MemorySnapshots, QueueDoorbell, SequentialIds } from "everfold"
import { SqliteStack } from "everfold/sqlite"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { mkdtempSync, rmSync } from "node:fs"
import { join } from "node:path"

/** What a client has. */
export type WriteSide = CommandHandler.CommandHandler | EventStore.EventStore

/** Two stacks on one log, or the only one twice. */
export interface Clients {
  readonly here: Context.Context<WriteSide>
  readonly there: Context.Context<WriteSide>
}

/** Where clients come from. */
export interface Stacks {
  /** Whether the log is still there when both are closed. */
  readonly onFile: boolean
  readonly open: Effect.Effect<Clients, StoreError.StoreError, Scope.Scope>
}

/** One stack on a log in memory. */
export const inMemory = (limits: Parameters<typeof Limits.layer>[0] = {}): Stacks => {
  const log = Layer.merge(MemoryEventStore.layer, MemorySnapshots.layer)
  return {
    onFile: false,
    open: Effect.map(Layer.build(over(log, limits)), (stack) => ({ here: stack, there: stack }))
  }
}

/** Two stacks on a log in a file, as two processes have them. */
export const onFile = (
  directory: string,
  durability: "FULL" | "NORMAL",
  limits: Parameters<typeof Limits.layer>[0] = {}
): Stacks => {
  const stack = () =>
    Layer.build(over(SqliteStack.logDatabase(join(directory, "log.db"), durability), limits))
  return { onFile: true, open: Effect.all({ here: Effect.suspend(stack), there: Effect.suspend(stack) }) }
}

/** A folder in a folder, gone afterwards. */
export const folderIn = (parent: string): Effect.Effect<string, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(parent, "everfold-"))),
    (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true }))
  )

// internal

const over = <E>(
  log: Layer.Layer<EventStore.EventStore | Snapshots.Snapshots, E, Doorbell.Doorbell | Ids.Ids>,
  limits: Parameters<typeof Limits.layer>[0]
) =>
  Engine.layer().pipe(
    Layer.provideMerge(log),
    Layer.provide(QueueDoorbell.layer),
    Layer.provideMerge(SequentialIds.layer),
    Layer.provide(Limits.layer(limits))
  )
