import { layer } from "@effect/vitest"
import { type EventStore, MemoryEventStore, type Notes, QueueDoorbell, UuidIds } from "everfold"
import { SqliteStack } from "everfold/sqlite"
import { NotesContract } from "everfold/testing"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as Layer from "effect/Layer"
import * as path from "node:path"
import { folder } from "../Layers/Stacks.ts"

const inMemory = MemoryEventStore.layer.pipe(Layer.provide([QueueDoorbell.layer, UuidIds.layer]))

const onSqlite = Layer.unwrapScoped(
  Effect.map(folder, (directory) => SqliteStack.logDatabase(path.join(directory, "log.db")))
).pipe(Layer.provide(QueueDoorbell.layer))

/** Its writer lets others run after every few steps. */
const inSmallSteps = Layer.locally(onSqlite, FiberRef.currentMaxOpsBeforeYield, 16)

type Store = readonly [name: string, store: Layer.Layer<EventStore.EventStore | Notes.Notes, unknown>]

const stores: ReadonlyArray<Store> = [
  ["the notes of a log in memory", inMemory],
  ["the notes of a log on SQLite", onSqlite]
]

for (const [name, store] of [
  ...stores,
  ["the notes of a log on SQLite, in small steps", inSmallSteps] as const
]) {
  // What waits for a lock waits in real time.
  layer(store, { excludeTestServices: true })(name, (it) => {
    for (const { name, run } of NotesContract.cases) it.effect(name, () => run)
  })
}

for (const [name, store] of stores) {
  layer(store)(`${name}, while time stands still`, (it) => {
    for (const { name, run } of NotesContract.cases) it.effect(name, () => run)
  })
}
