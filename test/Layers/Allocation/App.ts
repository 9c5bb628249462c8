/** Allocation on a stack, with notices that are kept. */
import type { Engine, StoreError } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as CollectingNotifier from "../../../src/Layers/Allocation/CollectingNotifier.ts"
import * as Allocation from "../../../src/Layers/Allocation/Module.ts"

/** The seam that a test swaps: who carries the notices. */
export const on = (stack: Layer.Layer<Engine.Stack, StoreError.StoreError>) =>
  Allocation.layer.pipe(Layer.provideMerge(CollectingNotifier.layer), Layer.provideMerge(stack))

/** What was sent. */
export const notices = Effect.flatten(CollectingNotifier.Collected)

/** What a program on allocation may ask for. */
export type Services = Layer.Layer.Success<ReturnType<typeof on>>
