import { layer } from "@effect/vitest"
import { MemorySnapshots, QueueDoorbell, type Snapshots } from "everfold"
import { SqliteStack } from "everfold/sqlite"
import { SnapshotsContract } from "everfold/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as path from "node:path"
import { folder } from "../Layers/Stacks.ts"

const onSqlite = Layer.unwrapScoped(
  Effect.map(folder, (directory) => SqliteStack.logDatabase(path.join(directory, "log.db")))
).pipe(Layer.provide(QueueDoorbell.layer))

const stores: ReadonlyArray<readonly [string, Layer.Layer<Snapshots.Snapshots, unknown>]> = [
  ["snapshots in memory", MemorySnapshots.layer],
  ["snapshots on SQLite", onSqlite]
]

for (const [name, store] of stores) {
  // What waits for a lock waits in real time.
  layer(store, { excludeTestServices: true })(name, (it) => {
    for (const { name, run } of SnapshotsContract.cases) it.effect(name, () => run)
  })
}
