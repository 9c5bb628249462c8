/** The whole kernel in memory: for tests, demos, and whatever may end with the program. */
import * as Layer from "effect/Layer"
import type { Ids } from "../../Services/Ids.ts"
import type { StoreError } from "../../Services/StoreError.ts"
import * as Engine from "../Engine.ts"
import * as QueueDoorbell from "../QueueDoorbell.ts"
import * as UuidIds from "../UuidIds.ts"
import * as MemoryEventStore from "./MemoryEventStore.ts"
import * as MemoryLeases from "./MemoryLeases.ts"
import * as MemoryReadModel from "./MemoryReadModel.ts"
import * as MemorySnapshots from "./MemorySnapshots.ts"

/** A log and a read database that end with the program. Nobody else writes there, so nobody polls. */
export const over = (ids: Layer.Layer<Ids>): Layer.Layer<Engine.Stack, StoreError> =>
  Engine.layer().pipe(
    Layer.provideMerge(MemoryEventStore.layer),
    Layer.provideMerge(MemorySnapshots.layer),
    Layer.provideMerge(MemoryLeases.layer),
    Layer.provideMerge(MemoryReadModel.layer),
    Layer.provide(QueueDoorbell.layer),
    Layer.provideMerge(ids)
  )

/** The same with ids that no other program has. */
export const layer: Layer.Layer<Engine.Stack, StoreError> = over(UuidIds.layer)
