import { describe, expect, it } from "@effect/vitest"
import { Expected } from "everfold"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import { commit, connect, freshFile, openLog, turn } from "./files.ts"

/** A log of two events whose write lock somebody else holds. */
const locked = Effect.gen(function* () {
  const file = yield* freshFile
  const log = yield* openLog(file)
  yield* log.append(commit("Product-1", 2))
  const raw = yield* connect(file)
  raw.exec("begin immediate")
  return { log, raw }
})

const turns = (count: number) => Effect.forEach(Array.from({ length: count }), () => turn, { discard: true })

describe("somebody else holds the write lock", () => {
  it.scopedLive("an append waits, the event loop goes on, and the append succeeds after the release", () =>
    Effect.gen(function* () {
      const { log, raw } = yield* locked
      const fiber = yield* Effect.fork(log.append(commit("Product-1", 1)))
      yield* turns(200)
      expect(Option.isNone(yield* Fiber.poll(fiber))).toBe(true)
      raw.exec("commit")
      const { events } = yield* Fiber.join(fiber)
      expect(events.map(({ position, version }) => [position, version])).toEqual([[3, 3]])
    })
  )

  it.scopedLive("reads do not wait", () =>
    Effect.gen(function* () {
      const { log, raw } = yield* locked
      raw.exec("insert into checkpoints values ('theirs', 1, 0)")
      expect(yield* log.head).toBe(2)
      expect(yield* log.readStream({ stream: "Product-1" })).toHaveLength(2)
      expect(yield* log.checkpoint("theirs")).toBe(0)
      expect(raw.inTransaction).toBe(true)
    })
  )

  it.scopedLive("what is decided under the lock sees what the other one has written", () =>
    Effect.gen(function* () {
      const { log, raw } = yield* locked
      const fiber = yield* Effect.fork(log.append(commit("Product-1", 1)))
      yield* turns(20)
      raw.exec(`insert into events (position, stream, version, id, type, revision, recorded_at, payload,
        metadata, checksum) values (3, 'Product-1', 3, 'theirs', 'T', 1, 99999999999999, '{}', '{}', 'x')`)
      raw.exec("commit")
      const [stored] = (yield* Fiber.join(fiber)).events
      expect(stored).toMatchObject({ position: 4, version: 4, recordedAt: 99_999_999_999_999 })
    })
  )

  it.scopedLive("those who wait go together, in their order", () =>
    Effect.gen(function* () {
      const { log, raw } = yield* locked
      const fibers = yield* Effect.forEach([1, 2, 3], (count) =>
        Effect.fork(log.append(commit("Product-1", count)))
      )
      yield* turns(20)
      raw.exec("commit")
      const [one, two, three] = yield* Effect.forEach(fibers, Fiber.join)
      const versions = [one, two, three].map((each) => each?.events.map(({ version }) => version))
      expect(versions).toEqual([[3], [4, 5], [6, 7, 8]])
    })
  )

  it.scopedLive("an append that waits can be interrupted, at once, and has written nothing", () =>
    Effect.gen(function* () {
      const { log, raw } = yield* locked
      const [first, second, third] = [
        yield* Effect.fork(log.append(commit("Product-1", 1))),
        yield* Effect.fork(log.append(commit("Product-2", 1))),
        yield* Effect.fork(log.append(commit("Product-3", 1)))
      ]
      yield* turns(20)
      for (const fiber of [third, first]) {
        expect(Exit.isInterrupted(yield* Fiber.interrupt(fiber))).toBe(true)
      }
      expect(raw.inTransaction).toBe(true)
      raw.exec("commit")
      const { events } = yield* Fiber.join(second)
      expect(events.map(({ position, stream }) => [position, stream])).toEqual([[3, "Product-2"]])
      expect(yield* log.head).toBe(3)
    })
  )

  it.scopedLive("when all who waited are gone, the next one is written as ever", () =>
    Effect.gen(function* () {
      const { log, raw } = yield* locked
      const fiber = yield* Effect.fork(log.append(commit("Product-1", 1)))
      yield* turns(20)
      yield* Fiber.interrupt(fiber)
      raw.exec("commit")
      expect((yield* log.append(commit("Product-1", 1))).events[0]?.position).toBe(3)
    })
  )

  it.scoped("all who wait are told Busy after about five seconds, and the next append works", () =>
    Effect.gen(function* () {
      const { log, raw } = yield* locked
      const append = Effect.flip(log.append(commit("Product-1", 1)))
      const early = [yield* Effect.fork(append), yield* Effect.fork(append)]
      const late: typeof early = []
      let waited = 0
      while (Option.isNone(yield* Fiber.poll(early[0] ?? (yield* Effect.die("nobody waits"))))) {
        yield* TestClock.adjust("25 millis")
        yield* turn
        waited += 25
        if (waited === 4000) late.push(yield* Effect.fork(append))
      }
      expect(waited).toBeGreaterThan(4000)
      expect(waited).toBeLessThan(8000)
      for (const fiber of [...early, ...late]) {
        const error = yield* Fiber.join(fiber)
        expect(error._tag === "StoreError" && [error.reason, error.transient]).toEqual(["Busy", true])
      }
      expect(late).toHaveLength(1)
      raw.exec("commit")
      expect((yield* log.append(commit("Product-1", 1))).events[0]?.position).toBe(3)
    })
  )

  it.scoped("when the log is closed, all who wait are told, and nothing is written", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const scope = yield* Scope.make()
      const log = yield* Scope.extend(openLog(file), scope)
      const raw = yield* connect(file)
      raw.exec("begin immediate")
      const waiting = yield* Effect.forEach(["Product-1", "Product-2"], (stream) =>
        Effect.fork(Effect.flip(log.append(commit(stream, 1))))
      )
      yield* turns(5)
      yield* Scope.close(scope, Exit.void)
      for (const fiber of waiting) expect(yield* Fiber.join(fiber)).toMatchObject({ reason: "Unavailable" })
      expect(yield* Effect.flip(log.append(commit("Product-1", 1)))).toMatchObject({ reason: "Unavailable" })
      raw.exec("commit")
      expect(raw.prepare("select count(*) from events").pluck().get()).toBe(0)
    })
  )
})

describe("two stacks on one file", () => {
  it.scopedLive("take turns: no gap, nothing lost, nothing twice, and no Busy", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const logs = [yield* openLog(file), yield* openLog(file)]
      const written = yield* Effect.forEach(
        [0, 1, 2, 3, 4, 5],
        (writer) =>
          Effect.gen(function* () {
            const log = logs[writer % 2] ?? (yield* openLog(file))
            const ids: Array<string> = []
            for (let n = 0; n < 20; n++) {
              const { events } = yield* log.append(commit(`Product-${n % 3}`, 2))
              ids.push(...events.map(({ id }) => id))
            }
            return ids
          }),
        { concurrency: "unbounded" }
      )
      for (const log of logs) {
        const { events } = yield* log.readAll({})
        expect(events.map(({ position }) => position)).toEqual(Array.from({ length: 240 }, (_, n) => n + 1))
        expect(events.map(({ id }) => id).sort()).toEqual(written.flat().sort())
      }
    })
  )

  it.scopedLive("of two that expect one version, one wins", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const logs = [yield* openLog(file), yield* openLog(file)]
      for (let version = 0; version < 10; version++) {
        const outcomes = yield* Effect.forEach(
          logs,
          (log) => {
            const { parts, ...rest } = commit("Product-1", 1)
            const expected = Expected.exactly(version)
            return Effect.exit(log.append({ ...rest, parts: parts.map((part) => ({ ...part, expected })) }))
          },
          { concurrency: 2 }
        )
        expect(outcomes.filter(Exit.isSuccess)).toHaveLength(1)
      }
    })
  )
})
