import { describe, expect, it } from "@effect/vitest"
import { QueueDoorbell } from "everfold"
import { SqliteEventStore } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as fs from "node:fs"
import { dirname } from "node:path"
import * as SqliteDatabase from "../../../src/Layers/sqlite/SqliteDatabase.ts"
import * as SqliteLog from "../../../src/Layers/sqlite/SqliteLog.ts"
import { commit, freshFile, openLog } from "./files.ts"

describe("a log outlives whoever wrote it", () => {
  it.scopedLive("what was appended is there when the file is opened again, under the same identity", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const visit = Effect.scoped(
        Effect.gen(function* () {
          const log = yield* openLog(file, "FULL")
          yield* log.append({
            ...commit("Product-1", 3),
            advance: { subscriber: "reorder", from: yield* log.checkpoint("reorder"), to: 3 }
          })
          return { identity: yield* log.identity, events: (yield* log.readAll({})).events }
        })
      )
      const first = yield* visit
      const second = yield* visit
      expect(second.identity).toEqual(first.identity)
      expect(second.events.slice(0, 3)).toEqual(first.events)
      expect(second.events.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6])
      expect(fs.readdirSync(dirname(file))).toEqual(["log.db"])
    })
  )

  it.scopedLive("two that open a new file at once make one log", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const logs = yield* Effect.all([openLog(file), openLog(file), openLog(file)], { concurrency: 3 })
      const identities = yield* Effect.forEach(logs, (log) => log.identity)
      expect(new Set(identities.map(({ id }) => id)).size).toBe(1)
    })
  )

  it.scopedLive("two logs have two identities", () =>
    Effect.gen(function* () {
      const [one, two] = [yield* openLog(yield* freshFile), yield* openLog(yield* freshFile)]
      expect((yield* one.identity).id).not.toBe((yield* two.identity).id)
    })
  )
})

describe("the disk is full", () => {
  it.scopedLive("an append is Full, reads go on, and writes resume when there is space", () =>
    Effect.gen(function* () {
      const database = yield* SqliteDatabase.open({
        filename: yield* freshFile,
        applicationId: SqliteLog.applicationId,
        migrations: SqliteLog.migrations,
        durability: "NORMAL"
      })
      const log = yield* SqliteEventStore.over(database).pipe(Effect.provide(QueueDoorbell.layer))
      const setPages = (pages: string) =>
        database.write.run((connection) => connection.executeRaw(`pragma max_page_count = ${pages}`, []))
      yield* log.append(commit("Product-1", 5))
      yield* setPages("30")

      let head = yield* log.head
      const untilFull = Effect.gen(function* () {
        while (true) {
          const { events } = yield* log.append(commit("Product-1", 20))
          head = events.at(-1)?.position ?? head
        }
      })
      const error = yield* Effect.flip(untilFull)
      expect(error._tag === "StoreError" && error.reason).toBe("Full")
      expect(Either.isLeft(yield* Effect.either(log.append(commit("Product-2", 500))))).toBe(true)

      expect(yield* log.head).toBe(head)
      expect(yield* log.readStream({ stream: "Product-1", limit: 10_000 })).toHaveLength(head)
      expect(yield* log.readStream({ stream: "Product-2" })).toEqual([])

      yield* setPages("1000")
      const { events } = yield* log.append(commit("Product-2", 20))
      expect(events.map(({ position }) => position)).toEqual(
        Array.from({ length: 20 }, (_, n) => head + 1 + n)
      )
    })
  )
})
