/** What every stack adds to a log and a read database: the bus, commands, and the registry of subscribers. */
import * as Layer from "effect/Layer"
import type { CommandHandler } from "../Services/CommandHandler.ts"
import type { Doorbell } from "../Services/Doorbell.ts"
import type { EventStore } from "../Services/EventStore.ts"
import type { Ids } from "../Services/Ids.ts"
import type { Leases } from "../Services/Leases.ts"
import * as Limits from "../Services/Limits.ts"
import type { MessageBus } from "../Services/MessageBus.ts"
import type { Notes } from "../Services/Notes.ts"
import type { ProjectionStore } from "../Services/ProjectionStore.ts"
import type { ReadModel } from "../Services/ReadModel.ts"
import type { Snapshots } from "../Services/Snapshots.ts"
import type { StoreError } from "../Services/StoreError.ts"
import type { Subscriptions } from "../Services/Subscriptions.ts"
import type { Verification } from "../Services/Verification.ts"
import * as LogCommandHandler from "./LogCommandHandler.ts"
import * as LogTail from "./LogTail.ts"
import * as Ownership from "./Ownership.ts"
import * as Snapshotter from "./Snapshotter.ts"
import * as SubscriptionRegistry from "./SubscriptionRegistry.ts"

/** What a stack provides: everything that programs and subscribers may ask for. */
export type Stack =
  | CommandHandler
  | EventStore
  | Ids
  | Leases
  | Limits.Current
  | MessageBus
  | Notes
  | Ownership.Ownership
  | ProjectionStore
  | ReadModel
  | Snapshots
  | Snapshotter.Snapshotter
  | Subscriptions
  | Verification

/** The engine; its options are those of the bus, and how long a lease lasts. */
export const layer = (
  options: LogTail.Options & Ownership.Options = {}
): Layer.Layer<
  | CommandHandler
  | Limits.Current
  | MessageBus
  | Ownership.Ownership
  | Snapshotter.Snapshotter
  | Subscriptions,
  StoreError,
  EventStore | Doorbell | Ids | Leases | Snapshots
> =>
  Layer.mergeAll(
    LogCommandHandler.layer,
    LogTail.layer(options),
    SubscriptionRegistry.layer,
    // Whoever works on the stack has the limits that it was given.
    Layer.effect(Limits.Current, Limits.Current)
  ).pipe(Layer.provideMerge(Layer.merge(Ownership.layer(options), Snapshotter.layer)))
