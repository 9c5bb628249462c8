import { describe, expect, it } from "@effect/vitest"
import type { StoreError } from "everfold"
import { SqliteBackup } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as fs from "node:fs"
import { join } from "node:path"
import { folder } from "../Stacks.ts"
import {
  append,
  damage,
  files,
  leaveWal,
  logFolder,
  mayMount,
  problems,
  reason,
  saying,
  smallDisk
} from "./copies.ts"
import { commit, connect, openLog, turn } from "./files.ts"

describe("a backup", () => {
  it.scopedLive("is the log as it was, in one file", () =>
    Effect.gen(function* () {
      const directory = yield* logFolder()
      const before = yield* saying(directory)
      const place = yield* folder
      const report = yield* SqliteBackup.backup({ directory, to: join(place, "log.db") })
      expect(report).toEqual({ events: 12, streams: 3, decoded: 0, checkpoints: 1, problems: [] })
      expect(files(place)).toEqual(["log.db"])
      expect(yield* saying(place)).toEqual(before)
    })
  )

  it.scopedLive(
    "is made while others append, and the event loop turns",
    () =>
      Effect.gen(function* () {
        const directory = yield* folder
        const to = join(yield* folder, "copy.db")
        const log = yield* openLog(join(directory, "log.db"))
        for (let n = 0; n < 100; n++) yield* log.append(commit(`Product-${n}`, 500))
        let turns = 0
        const appending = Effect.gen(function* () {
          for (; ; turns++) {
            yield* log.append(commit(`Other-${turns % 10}`, 1))
            yield* turn
          }
        })
        const begun = yield* Effect.fork(appending)
        const before = yield* log.head
        const report = yield* SqliteBackup.backup({ directory, to })
        const after = yield* log.head
        yield* Fiber.interrupt(begun)
        // One in which nothing else happened could have been made between two turns.
        expect(turns).toBeGreaterThan(50_000 / 200)
        expect(after).toBeGreaterThan(before + 50_000 / 200)
        expect(report.events).toBeGreaterThanOrEqual(before)
        expect(report.events).toBeLessThan(after)
        expect(yield* problems(to)).toEqual([])
        expect(yield* problems(join(directory, "log.db"))).toEqual([])
      }),
    120_000
  )

  it.scopedLive("does not take the place of anything, unless it is told to", () =>
    Effect.gen(function* () {
      const directory = yield* logFolder()
      const place = yield* folder
      const to = join(place, "copy.db")
      fs.writeFileSync(to, "a letter")
      expect(yield* reason(SqliteBackup.backup({ directory, to }))).toBe("Invalid")
      expect(fs.readFileSync(to, "utf8")).toBe("a letter")
      yield* SqliteBackup.backup({ directory, to, overwrite: true })
      expect(yield* problems(to)).toEqual([])
      yield* append(directory, 1)
      yield* SqliteBackup.backup({ directory, to, overwrite: true })
      expect(yield* problems(to)).toEqual([])
      const raw = yield* connect(to)
      expect(raw.prepare("select count(*) from events").pluck().get()).toBe(16)
      expect(files(place)).toEqual(["copy.db"])
    })
  )

  it.scopedLive("does not take the place of a database that somebody has open", () =>
    Effect.gen(function* () {
      const directory = yield* logFolder()
      const other = yield* logFolder(1)
      const log = yield* openLog(join(other, "log.db"))
      const backup = SqliteBackup.backup({ directory, to: join(other, "log.db"), overwrite: true })
      expect(yield* reason(backup)).toBe("Busy")
      expect(yield* log.head).toBe(4)
      yield* log.append(commit("Product-1", 1))
      expect(files(other).filter((name) => name.includes(".part-"))).toEqual([])
    })
  )

  it.scopedLive("is not mixed with what a former file has left behind", () =>
    Effect.gen(function* () {
      const [directory, place] = [yield* logFolder(1), yield* logFolder(1)]
      yield* leaveWal(join(place, "log.db"))
      fs.rmSync(join(place, "log.db"))
      expect(files(place)).toContain("log.db-wal")
      yield* SqliteBackup.backup({ directory, to: join(place, "log.db") })
      expect(files(place)).toEqual(["log.db"])
      expect(yield* saying(place)).toEqual(yield* saying(directory))
    })
  )

  it.scopedLive("is not made of a log that is damaged: the good one stays", () =>
    Effect.gen(function* () {
      const directory = yield* logFolder()
      const place = yield* folder
      const to = join(place, "copy.db")
      yield* SqliteBackup.backup({ directory, to })
      yield* damage(join(directory, "log.db"))
      const error = yield* Effect.flip(SqliteBackup.backup({ directory, to, overwrite: true }))
      expect(error.reason).toBe("Corrupt")
      expect(error.message).toContain("event 3 (Happened, Product-0 version 3): its checksum does not fit")
      expect(yield* problems(to)).toEqual([])
      expect(files(place)).toEqual(["copy.db"])
    })
  )

  it.scopedLive("leaves nothing when it is interrupted", () =>
    Effect.gen(function* () {
      const directory = yield* logFolder(40, 500)
      const place = yield* folder
      for (const turns of [0, 1, 3, 10, 30, 100, 300]) {
        const running = yield* Effect.fork(SqliteBackup.backup({ directory, to: join(place, "copy.db") }))
        for (let n = 0; n < turns; n++) yield* turn
        yield* Fiber.interrupt(running)
        expect([turns, files(place)]).toEqual([turns, []])
      }
    })
  )

  const wrong: ReadonlyArray<
    readonly [what: string, prepare: (directory: string) => void, reason: StoreError.Reason]
  > = [
    ["no log", () => {}, "Unavailable"],
    [
      "a text",
      (directory) => fs.writeFileSync(join(directory, "log.db"), "a letter ".repeat(1000)),
      "NotADatabase"
    ],
    ["an empty file", (directory) => fs.writeFileSync(join(directory, "log.db"), ""), "NotADatabase"],
    ["a folder", (directory) => fs.mkdirSync(join(directory, "log.db")), "Unavailable"]
  ]
  for (const [what, prepare, expected] of wrong) {
    it.scopedLive(`of ${what} is ${expected}, and nothing is made`, () =>
      Effect.gen(function* () {
        const [directory, place] = [yield* folder, yield* folder]
        prepare(directory)
        const before = files(directory)
        expect(yield* reason(SqliteBackup.backup({ directory, to: join(place, "copy.db") }))).toBe(expected)
        expect([files(directory), files(place)]).toEqual([before, []])
      })
    )
  }

  it.scopedLive("of a log of a newer program is NewerSchema", () =>
    Effect.gen(function* () {
      const directory = yield* logFolder()
      const raw = yield* connect(join(directory, "log.db"))
      raw.pragma("user_version = 99")
      expect(yield* reason(SqliteBackup.backup({ directory, to: join(directory, "copy.db") }))).toBe(
        "NewerSchema"
      )
    })
  )

  it.scopedLive("into a folder that is not there is Unavailable", () =>
    Effect.gen(function* () {
      const directory = yield* logFolder()
      const to = join(directory, "not", "there.db")
      expect(yield* reason(SqliteBackup.backup({ directory, to }))).toBe("Unavailable")
    })
  )

  it.scopedLive.skipIf(!mayMount)("onto a disk that is full is Full, and leaves nothing", () =>
    Effect.gen(function* () {
      const directory = yield* logFolder(20, 500)
      const disk = yield* smallDisk
      expect(yield* reason(SqliteBackup.backup({ directory, to: join(disk, "copy.db") }))).toBe("Full")
      expect(files(disk)).toEqual([])
    })
  )
})
