/** Brings an `event_store.db` into the log of a folder. */
import { join } from "node:path"
import { QueueDoorbell } from "everfold"
import { SqliteEventStore } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqliteFiles from "../../Layers/sqlite/SqliteFiles.ts"
import * as Import from "../evolution/Import.ts"
import * as OldShop from "./OldShop.ts"

/** Appends what the log does not have; it is made if it is not there, once there is something to import. */
export const into = (directory: string, file: string) =>
  Effect.gen(function* () {
    const source = yield* OldShop.source(file)
    yield* SqliteFiles.makeFolder(directory)
    const log = SqliteEventStore.layer({ filename: join(directory, "log.db") })
    return yield* Effect.provide(Import.run(source), Layer.provide(log, QueueDoorbell.layer))
  }).pipe(Effect.scoped)
