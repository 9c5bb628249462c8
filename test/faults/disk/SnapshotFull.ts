/** There is space for events and none for a snapshot: no command knows of it. */
import { CommandHandler } from "everfold"
import Database from "better-sqlite3"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import { join } from "node:path"
import { turn } from "../../Layers/sqlite/files.ts"
import * as Library from "./Library.ts"
import type { SmallDisk } from "./SmallDisk.ts"

/** Ten commands, each of which leaves a larger state. */
export const run = ({ directory, free }: SmallDisk) =>
  Effect.gen(function* () {
    const files = { log: join(directory, "log.db"), read: join(directory, "read.db") }
    const warnings: Array<string> = []
    const logger = Logger.make(({ logLevel, message }) => {
      if (logLevel.label === "WARN") warnings.push(String(message))
    })
    const add = Effect.either(CommandHandler.handle(Library.Catalogue, Library.Add.make({ catalogue: "a" })))
    const written = Effect.repeatN(turn, 20)
    return yield* Effect.gen(function* () {
      const outcomes = yield* Effect.replicateEffect(Effect.zipLeft(add, written), 10)
      const before = newest(files.log)
      yield* free
      const last = yield* Effect.zipLeft(add, written)
      return [
        ...[...outcomes, last].flatMap((outcome) => (Either.isRight(outcome) ? [] : [String(outcome.left)])),
        ...(warnings.some((text) => text.includes("snapshots cannot be written")) ? [] : ["it was not told"]),
        ...(before < 10 ? [] : ["every snapshot has found space"]),
        ...(newest(files.log) === 11 ? [] : [`the last snapshot is of version ${newest(files.log)}, not 11`])
      ]
    }).pipe(
      Effect.provide(Library.layer(files)),
      Effect.provide(Logger.replace(Logger.defaultLogger, logger)),
      Logger.withMinimumLogLevel(LogLevel.Warning)
    )
  })

// internal

/** The version of the snapshot that is kept. */
const newest = (file: string): number => {
  const database = new Database(file, { readonly: true })
  try {
    return Number(database.prepare("select max(version) from snapshots").pluck().get())
  } finally {
    database.close()
  }
}
