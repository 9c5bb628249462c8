/** The five stages on a screen each, with what they need: a folder that is deleted afterwards, a stack in memory. */
import { rm } from "node:fs/promises"
import { type Engine, MemoryStack } from "everfold"
import * as Effect from "effect/Effect"
import { stage as table } from "../stages/1-table/OneTable.ts"
import { stage as commands } from "../stages/2-commands/BasicCqrs.ts"
import { stage as readModels } from "../stages/3-read-models/ReadModels.ts"
import { stage as events } from "../stages/4-events/EventLog.ts"
import { stage as bus } from "../stages/5-bus/Bus.ts"
import { Folder } from "../stages/Folder.ts"
import type { Outline } from "../stages/Stage.ts"
import * as Store from "./Store.ts"

type Needing<R> = Outline<{ readonly message: string }, R>

const inFolder = (stage: Needing<Folder>): Needing<never> => ({
  ...stage,
  glimpse: Effect.acquireUseRelease(
    Store.folder(undefined),
    (folder) => Effect.provideService(stage.glimpse, Folder, folder),
    (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true }))
  )
})

const inMemory = (stage: Needing<Engine.Stack>): Needing<never> => ({
  ...stage,
  glimpse: Effect.provide(stage.glimpse, MemoryStack.layer)
})

/** From one table to a bus. */
export const stages: ReadonlyArray<Needing<never>> = [
  inFolder(table),
  inFolder(commands),
  inFolder(readModels),
  inMemory(events),
  inMemory(bus)
]
