/** The whole kernel in memory for tests: ids that count, and no poll, so that a run under TestClock repeats. */
import * as Layer from "effect/Layer"
import type { StoreError } from "../../Services/StoreError.ts"
import * as Engine from "../Engine.ts"
import * as QueueDoorbell from "../QueueDoorbell.ts"
import * as SequentialIds from "../SequentialIds.ts"
import * as MemoryEventStore from "../memory/MemoryEventStore.ts"
import * as MemoryLeases from "../memory/MemoryLeases.ts"
import * as MemoryReadModel from "../memory/MemoryReadModel.ts"
import * as MemorySnapshots from "../memory/MemorySnapshots.ts"

/** A log and a read database that end with the test. Nothing in it waits for time to pass. */
export const layer: Layer.Layer<Engine.Stack, StoreError> = Engine.layer().pipe(
  Layer.provideMerge(MemoryEventStore.layer),
  Layer.provideMerge(MemorySnapshots.layer),
  Layer.provideMerge(MemoryLeases.layer),
  Layer.provideMerge(MemoryReadModel.layer),
  Layer.provide(QueueDoorbell.layer),
  Layer.provideMerge(SequentialIds.layer)
)
