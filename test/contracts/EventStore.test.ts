import { layer } from "@effect/vitest"
import { EventStore, MemoryEventStore, QueueDoorbell, UuidIds } from "everfold"
import { SqliteEventStore } from "everfold/sqlite"
import { EventStoreContract } from "everfold/testing"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as Layer from "effect/Layer"
import * as path from "node:path"
import { folder } from "../Layers/Stacks.ts"

const inMemory = MemoryEventStore.layer.pipe(Layer.provide([QueueDoorbell.layer, UuidIds.layer]))

const onSqlite = Layer.unwrapScoped(
  Effect.map(folder, (directory) => SqliteEventStore.layer({ filename: path.join(directory, "log.db") }))
).pipe(Layer.provide(QueueDoorbell.layer))

/** Its writer lets others run after every few steps. */
const inSmallSteps = Layer.locally(onSqlite, FiberRef.currentMaxOpsBeforeYield, 16)

type Store = readonly [name: string, store: Layer.Layer<EventStore.EventStore, unknown>]

const stores: ReadonlyArray<Store> = [
  ["the log in memory", inMemory],
  ["the log on SQLite", onSqlite]
]

for (const [name, store] of [...stores, ["the log on SQLite, in small steps", inSmallSteps] as const]) {
  // What waits for a lock waits in real time.
  layer(EventStoreContract.layer(store), { excludeTestServices: true })(name, (it) => {
    for (const { name, run } of EventStoreContract.cases) it.effect(name, () => run)
  })
}

for (const [name, store] of stores) {
  layer(EventStoreContract.layer(store))(`${name}, while time stands still`, (it) => {
    for (const { name, run } of EventStoreContract.cases) it.effect(name, () => run)
  })
}
