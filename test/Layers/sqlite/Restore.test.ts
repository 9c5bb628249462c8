import { describe, expect, it } from "@effect/vitest"
import type { StoreError } from "everfold"
import { SqliteBackup, SqliteStack } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as fs from "node:fs"
import { dirname, join } from "node:path"
import { folder } from "../Stacks.ts"
import { append, damage, files, leaveWal, logFolder, mayMount, reason, saying, smallDisk } from "./copies.ts"
import { commit, connect, openLog, turn } from "./files.ts"

/** Marks a log as one that a newer program has written to. */
const newer = (file: string) =>
  Effect.scoped(Effect.map(connect(file), (raw) => void raw.pragma("user_version = 99")))

describe("a restored log", () => {
  const backedUp = Effect.gen(function* () {
    const directory = yield* logFolder()
    const from = join(yield* folder, "copy.db")
    yield* SqliteBackup.backup({ directory, to: from })
    return { directory, from, original: yield* saying(directory) }
  })

  it.scopedLive("is the same log in the next epoch, and goes on", () =>
    Effect.gen(function* () {
      const { from, original } = yield* backedUp
      const directory = join(yield* folder, "not", "there", "yet")
      const { identity, kept, report } = yield* SqliteBackup.restore({ from, directory })
      expect(identity).toEqual({ id: original.identity.id, epoch: 2 })
      expect(kept).toBeUndefined()
      expect(report).toMatchObject({ events: 12, streams: 3, checkpoints: 1, problems: [] })
      expect(files(directory)).toEqual(["log.db"])
      expect(yield* saying(directory)).toEqual({ ...original, identity })
      yield* append(directory, 1)
      expect((yield* saying(directory)).events).toHaveLength(16)
      expect(files(dirname(from))).toEqual(["copy.db"])
    })
  )

  it.scopedLive("serves a whole stack", () =>
    Effect.gen(function* () {
      const { from } = yield* backedUp
      const directory = yield* folder
      yield* SqliteBackup.restore({ from, directory })
      yield* Effect.scoped(Layer.build(SqliteStack.layer({ directory })))
      expect(files(directory)).toEqual(["log.db", "read.db"])
    })
  )

  it.scopedLive("does not take the place of a log, unless it is told to; then the former one is kept", () =>
    Effect.gen(function* () {
      const { directory, from, original } = yield* backedUp
      yield* append(directory, 2)
      const former = yield* saying(directory)
      expect(yield* reason(SqliteBackup.restore({ from, directory }))).toBe("Invalid")
      expect(yield* saying(directory)).toEqual(former)

      const { identity, kept = "" } = yield* SqliteBackup.restore({ from, directory, replace: true })
      expect(yield* saying(directory)).toEqual({ ...original, identity })
      expect(files(directory).map((name) => join(directory, name))).toEqual([join(directory, "log.db"), kept])
      const elsewhere = yield* folder
      fs.renameSync(kept, join(elsewhere, "log.db"))
      expect(yield* saying(elsewhere)).toEqual(former)
    })
  )

  it.scopedLive("has an epoch that neither the copy nor the log before it had", () =>
    Effect.gen(function* () {
      const { directory, from } = yield* backedUp
      const restore = SqliteBackup.restore({ from, directory, replace: true })
      const epochs = yield* Effect.forEach([1, 2, 3], () =>
        Effect.map(restore, ({ identity }) => identity.epoch)
      )
      expect(epochs).toEqual([2, 3, 4])
      // Another log has epochs of its own.
      const other = yield* logFolder(1)
      const { identity } = yield* SqliteBackup.restore({ from, directory: other, replace: true })
      expect(identity.epoch).toBe(2)
    })
  )

  it.scopedLive("leaves the read database as it is", () =>
    Effect.gen(function* () {
      const { from } = yield* backedUp
      const directory = yield* folder
      fs.writeFileSync(join(directory, "read.db"), "rows")
      yield* SqliteBackup.restore({ from, directory })
      expect(fs.readFileSync(join(directory, "read.db"), "utf8")).toBe("rows")
    })
  )

  it.scopedLive("is not mixed with the write-ahead log of a former one", () =>
    Effect.gen(function* () {
      const { from, original } = yield* backedUp
      const directory = yield* logFolder(1)
      yield* leaveWal(join(directory, "log.db"))
      fs.rmSync(join(directory, "log.db"))
      const { identity } = yield* SqliteBackup.restore({ from, directory })
      expect(yield* saying(directory)).toEqual({ ...original, identity })
    })
  )

  it.scopedLive("keeps the former one with what was in its write-ahead log only", () =>
    Effect.gen(function* () {
      const { directory, from } = yield* backedUp
      yield* leaveWal(join(directory, "log.db"))
      const { kept = "" } = yield* SqliteBackup.restore({ from, directory, replace: true })
      const raw = yield* connect(kept)
      expect(raw.prepare("select count(*) from events where stream = 'Late-1'").pluck().get()).toBe(2)
    })
  )

  it.scopedLive("takes the place of one that is no database any more, which is kept too", () =>
    Effect.gen(function* () {
      const { directory, from, original } = yield* backedUp
      fs.writeFileSync(join(directory, "log.db"), "rubble ".repeat(1000))
      fs.writeFileSync(join(directory, "log.db-wal"), "rubble too")
      const { identity, kept = "" } = yield* SqliteBackup.restore({ from, directory, replace: true })
      expect(yield* saying(directory)).toEqual({ ...original, identity })
      expect(fs.readFileSync(kept, "utf8")).toMatch(/^rubble /)
      expect(fs.readFileSync(`${kept}-wal`, "utf8")).toBe("rubble too")
    })
  )

  it.scopedLive("does not take the place of a log of a newer program, whose epoch nobody here knows", () =>
    Effect.gen(function* () {
      const { directory, from } = yield* backedUp
      yield* SqliteBackup.restore({ from, directory, replace: true })
      yield* newer(join(directory, "log.db"))
      expect(yield* reason(SqliteBackup.restore({ from, directory, replace: true }))).toBe("NewerSchema")
      expect(files(directory).filter((name) => !name.includes(".replaced-"))).toEqual(["log.db"])
    })
  )

  it.scopedLive("cannot take the place of one that this process has open", () =>
    Effect.gen(function* () {
      const { directory, from } = yield* backedUp
      const log = yield* openLog(join(directory, "log.db"))
      expect(yield* reason(SqliteBackup.restore({ from, directory, replace: true }))).toBe("Busy")
      yield* log.append(commit("Product-1", 1))
      expect(yield* log.head).toBe(13)
      expect(files(directory)).toEqual(["log.db", "log.db-shm", "log.db-wal"])
    })
  )

  const wrong: ReadonlyArray<
    readonly [what: string, prepare: (file: string) => Effect.Effect<void>, reason: StoreError.Reason]
  > = [
    ["a file that is not there", (file) => Effect.sync(() => fs.rmSync(file)), "Unavailable"],
    ["a text", (file) => Effect.sync(() => fs.writeFileSync(file, "a letter ".repeat(1000))), "NotADatabase"],
    ["an empty file", (file) => Effect.sync(() => fs.writeFileSync(file, "")), "NotADatabase"],
    [
      "a read database",
      (file) =>
        Effect.sync(() => fs.rmSync(file)).pipe(
          Effect.zipRight(Effect.scoped(Layer.build(SqliteStack.readDatabase(file)))),
          Effect.orDie
        ),
      "NotADatabase"
    ],
    ["a log of a newer program", newer, "NewerSchema"],
    ["a copy with a damaged event", damage, "Corrupt"],
    ["a copy that was cut off", (file) => Effect.sync(() => fs.truncateSync(file, 8192)), "Corrupt"],
    [
      "a copy with a page of zeros",
      (file) => Effect.sync(() => fs.writeFileSync(file, fs.readFileSync(file).fill(0, 8192, 12_288))),
      "Corrupt"
    ]
  ]
  for (const [what, prepare, expected] of wrong) {
    it.scopedLive(`is not made of ${what}: ${expected}, and the log that is there goes on`, () =>
      Effect.gen(function* () {
        const { directory, from } = yield* backedUp
        const before = yield* saying(directory)
        yield* prepare(from)
        expect(yield* reason(SqliteBackup.restore({ from, directory, replace: true }))).toBe(expected)
        expect(files(directory)).toEqual(["log.db"])
        expect(yield* saying(directory)).toEqual(before)
      })
    )
  }

  it.scopedLive.skipIf(!mayMount)("is not made on a disk that is full: Full, and nothing is left", () =>
    Effect.gen(function* () {
      const directory = yield* logFolder(20, 500)
      const disk = yield* smallDisk
      const from = join(yield* folder, "copy.db")
      yield* SqliteBackup.backup({ directory, to: from })
      expect(yield* reason(SqliteBackup.restore({ from, directory: disk }))).toBe("Full")
      expect(files(disk)).toEqual([])
    })
  )

  it.scopedLive("leaves nothing when it is interrupted, and the former log goes on", () =>
    Effect.gen(function* () {
      const { directory, from } = yield* backedUp
      const before = yield* saying(directory)
      for (const turns of [0, 1, 2, 5, 10]) {
        const running = yield* Effect.fork(SqliteBackup.restore({ from, directory, replace: true }))
        for (let n = 0; n < turns; n++) yield* turn
        yield* Fiber.interrupt(running)
        expect([turns, files(directory)]).toEqual([turns, ["log.db"]])
      }
      expect(yield* saying(directory)).toEqual(before)
    })
  )
})
