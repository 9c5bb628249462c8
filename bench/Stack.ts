/** The whole kernel on the store that a setting asks for. */
import * as Layer from "effect/Layer"
import { type Engine, Limits, MemoryStack, SqliteStack, type StoreError } from "./everfold.ts"
import type { Place } from "./Row.ts"
import * as Setting from "./Setting.ts"

/** A log and a read database in the folder of a contender, or in memory. */
export const layer = (
  { directory, setting }: Pick<Place, "directory" | "setting">,
  limits: Partial<Limits.Limits> = {}
): Layer.Layer<Engine.Stack, StoreError.StoreError> => {
  const stack: Layer.Layer<Engine.Stack, StoreError.StoreError> =
    setting === Setting.memory
      ? MemoryStack.layer
      : SqliteStack.layer({ directory, durability: Setting.durability(setting) })
  return Layer.provide(stack, Limits.layer(limits))
}
