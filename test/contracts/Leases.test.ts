import { layer } from "@effect/vitest"
import { type Leases, MemoryLeases, QueueDoorbell } from "everfold"
import { SqliteStack } from "everfold/sqlite"
import { LeasesContract } from "everfold/testing"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as Layer from "effect/Layer"
import * as path from "node:path"
import { folder } from "../Layers/Stacks.ts"

const onSqlite = Layer.unwrapScoped(
  Effect.map(folder, (directory) => SqliteStack.logDatabase(path.join(directory, "log.db")))
).pipe(Layer.provide(QueueDoorbell.layer))

type Store = readonly [name: string, store: Layer.Layer<Leases.Leases, unknown>]

const stores: ReadonlyArray<Store> = [
  ["leases in memory", MemoryLeases.layer],
  ["leases on SQLite", onSqlite]
]

for (const [name, store] of stores) {
  // What waits for a lock waits in real time.
  layer(LeasesContract.layer(store), { excludeTestServices: true })(name, (it) => {
    for (const { name, run } of LeasesContract.cases) {
      it.effect(name, () => run)
      // Whoever uses it lets others run after every few steps.
      it.effect(`${name}, in small steps`, () => Effect.locally(run, FiberRef.currentMaxOpsBeforeYield, 16))
    }
  })
}

for (const [name, store] of stores) {
  layer(LeasesContract.layer(store))(`${name}, while time stands still`, (it) => {
    for (const { name, run } of LeasesContract.cases) it.effect(name, () => run)
  })
}
