import { describe, expect, it } from "@effect/vitest"
import { SqliteBackup } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { spawn } from "node:child_process"
import { once } from "node:events"
import * as fs from "node:fs"
import { join } from "node:path"
import { folder } from "../Stacks.ts"
import { append, files, logFolder, problems, reason, saying } from "./copies.ts"

const copier = join(import.meta.dirname, "copier.ts")
const seed = 20261121

/** Starts a process that copies; killed when the scope closes. */
const start = (...args: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const options = ["--conditions=source", "--import", "tsx", copier, ...args]
      const child = spawn(process.execPath, options, { stdio: ["ignore", "pipe", "inherit"] })
      const ended = once(child, "exit")
      await Promise.race([once(child.stdout, "data"), ended])
      return { child, ended }
    }),
    ({ child, ended }) =>
      Effect.promise(() => {
        child.kill("SIGKILL")
        return ended
      })
  )

/** Lets a process copy for a moment, and kills it wherever it is then. */
const killed = (...args: ReadonlyArray<string>) =>
  Effect.scoped(
    Effect.gen(function* () {
      yield* start(...args)
      yield* Effect.sleep(yield* Random.nextIntBetween(0, 300))
    })
  )

/** Lets a process copy once; returns whether it has killed itself. */
const ended = (...args: ReadonlyArray<string>) =>
  Effect.scoped(
    Effect.flatMap(start(...args), ({ ended }) =>
      Effect.promise(async () => {
        const [code, signal] = await ended
        expect(signal === "SIGKILL" ? 0 : code).toBe(0)
        return signal === "SIGKILL"
      })
    )
  )

/** Every file of a folder that may be a log under some name is sound. */
const allSound = (directory: string) =>
  Effect.forEach(
    files(directory).filter((name) => /[.]db([.]replaced-[^-]*)?$/.test(name)),
    (name) =>
      Effect.map(problems(join(directory, name)), (found) => expect([name, found]).toEqual([name, []])),
    { discard: true }
  )

/** How many pieces of work were not finished. */
const unfinished = (directory: string) => files(directory).filter((name) => name.includes(".part-")).length

const empty = (directory: string, but = "") => {
  for (const name of files(directory).filter((name) => name !== but)) {
    fs.rmSync(join(directory, name), { recursive: true })
  }
}

describe("kill -9 of a backup leaves the target absent or whole, and the log as it was", () => {
  /** Kills with `kill` until it says that there was nothing left to kill. */
  const tried = (kill: (directory: string, place: string, n: number) => Effect.Effect<boolean>) =>
    Effect.gen(function* () {
      const [directory, place] = [yield* logFolder(20, 100), yield* folder]
      const before = yield* saying(directory)
      const count = { kills: 0, unfinished: 0 }
      while (yield* kill(directory, place, count.kills + 1)) {
        count.kills += 1
        count.unfinished += unfinished(place)
        yield* allSound(place)
        expect(yield* saying(directory)).toEqual(before)
        // What was left behind is in nobody's way.
        yield* SqliteBackup.backup({ directory, to: join(place, "same.db"), overwrite: true })
        yield* allSound(place)
        empty(place)
      }
      return count
    })

  it.scopedLive(
    "before each operation on files",
    () =>
      Effect.gen(function* () {
        const kill = (directory: string, place: string, n: number) =>
          ended("backup", directory, place, String(n))
        expect((yield* tried(kill)).kills).toBeGreaterThanOrEqual(8)
      }),
    300_000
  )

  it.scopedLive(
    "at any moment, 10 times",
    () =>
      Effect.gen(function* () {
        const kill = (directory: string, place: string, n: number) =>
          n > 10 ? Effect.succeed(false) : Effect.as(killed("backup", directory, place), true)
        const count = yield* tried(kill)
        expect(count.kills).toBe(10)
        expect(count.unfinished).toBeGreaterThan(5)
      }).pipe(Effect.withRandom(Random.make(seed))),
    300_000
  )
})

describe("kill -9 of a restore leaves a log: the former one, whole, or the one restored", () => {
  const tried = (kill: (from: string, directory: string, n: number) => Effect.Effect<boolean>) =>
    Effect.gen(function* () {
      const directory = yield* logFolder(20, 100)
      const from = join(yield* folder, "copy.db")
      yield* SqliteBackup.backup({ directory, to: from })
      const restored = yield* saying(directory)
      yield* append(directory, 1)
      const count = { kills: 0, former: 0, restored: 0 }
      while (true) {
        const former = yield* saying(directory)
        if (!(yield* kill(from, directory, count.kills + 1))) return count
        count.kills += 1
        yield* allSound(directory)
        const now = yield* saying(directory)
        if (now.identity.epoch === former.identity.epoch) {
          expect(now).toEqual(former)
          count.former += 1
        } else {
          expect(now).toMatchObject({ events: restored.events, letters: restored.letters })
          expect(now.identity.epoch).toBeGreaterThan(former.identity.epoch)
          count.restored += 1
        }
        empty(directory, "log.db")
      }
    })

  it.scopedLive(
    "before each operation on files",
    () =>
      Effect.gen(function* () {
        const kill = (from: string, directory: string, n: number) =>
          ended("restore", from, directory, String(n))
        const count = yield* tried(kill)
        expect(count.former).toBeGreaterThanOrEqual(10)
        expect(count.restored).toBeGreaterThanOrEqual(2)
      }),
    300_000
  )

  it.scopedLive(
    "at any moment, 10 times",
    () =>
      Effect.gen(function* () {
        const kill = (from: string, directory: string, n: number) =>
          n > 10 ? Effect.succeed(false) : Effect.as(killed("restore", from, directory), true)
        expect((yield* tried(kill)).kills).toBe(10)
      }).pipe(Effect.withRandom(Random.make(seed))),
    300_000
  )
})

describe("a log that another process has open", () => {
  it.scopedLive("is not replaced: Busy; and is, when that process has ended", () =>
    Effect.gen(function* () {
      const directory = yield* logFolder()
      const from = join(yield* folder, "copy.db")
      yield* SqliteBackup.backup({ directory, to: from })
      const restore = SqliteBackup.restore({ from, directory, replace: true })
      const whileOpen = Effect.zipRight(start("hold", directory), reason(restore))
      expect(yield* Effect.scoped(whileOpen)).toBe("Busy")
      expect((yield* saying(directory)).identity.epoch).toBe(1)
      expect((yield* restore).identity.epoch).toBe(2)
    })
  )
})
