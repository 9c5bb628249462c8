/** The whole kernel in memory for tests: ids that count, and no poll, so that a run under TestClock repeats. */
import type * as Layer from "effect/Layer"
import type { StoreError } from "../../Services/StoreError.ts"
import type * as Engine from "../Engine.ts"
import * as MemoryStack from "../memory/MemoryStack.ts"
import * as SequentialIds from "../SequentialIds.ts"

/** A log and a read database that end with the test. Nothing in it waits for time to pass. */
export const layer: Layer.Layer<Engine.Stack, StoreError> = MemoryStack.over(SequentialIds.layer)
