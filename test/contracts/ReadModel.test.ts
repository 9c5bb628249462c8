import { layer } from "@effect/vitest"
import { MemoryReadModel, type ProjectionStore, type ReadModel } from "everfold"
import { SqliteStack } from "everfold/sqlite"
import { ReadModelContract } from "everfold/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as path from "node:path"
import { folder } from "../Layers/Stacks.ts"

const onSqlite = Layer.unwrapScoped(
  Effect.map(folder, (directory) => SqliteStack.readDatabase(path.join(directory, "read.db")))
)

type Stores = ProjectionStore.ProjectionStore | ReadModel.ReadModel
const stores: ReadonlyArray<readonly [string, Layer.Layer<Stores, unknown>]> = [
  ["the read database in memory", MemoryReadModel.layer],
  ["the read database on SQLite", onSqlite]
]

for (const [name, store] of stores) {
  // What waits for a lock waits in real time.
  layer(store, { excludeTestServices: true })(name, (it) => {
    for (const { name, run } of ReadModelContract.cases) it.effect(name, () => run)
  })
}
