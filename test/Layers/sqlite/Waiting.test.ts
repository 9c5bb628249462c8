import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
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
      raw.exec("insert into checkpoints values ('theirs', 1)")
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

  it.scopedLive("an append that waits can be interrupted, at once, and has written nothing", () =>
    Effect.gen(function* () {
      const { log, raw } = yield* locked
      const first = yield* Effect.fork(log.append(commit("Product-1", 1)))
      const second = yield* Effect.fork(log.append(commit("Product-1", 1)))
      yield* turns(20)
      // One waits for the lock, one for its turn.
      for (const fiber of [second, first]) {
        expect(Exit.isInterrupted(yield* Fiber.interrupt(fiber))).toBe(true)
      }
      expect(raw.inTransaction).toBe(true)
      raw.exec("commit")
      expect(yield* log.head).toBe(2)
      expect((yield* log.append(commit("Product-1", 1))).events[0]?.position).toBe(3)
    })
  )

  it.scoped("an append gives up as Busy when the lock is never released, and the next one works", () =>
    Effect.gen(function* () {
      const { log, raw } = yield* locked
      const fiber = yield* Effect.fork(Effect.flip(log.append(commit("Product-1", 1))))
      while (Option.isNone(yield* Fiber.poll(fiber))) {
        yield* TestClock.adjust("25 millis")
        yield* turn
      }
      const error = yield* Fiber.join(fiber)
      expect(error._tag === "StoreError" && [error.reason, error.transient]).toEqual(["Busy", true])
      raw.exec("commit")
      expect((yield* log.append(commit("Product-1", 1))).events[0]?.position).toBe(3)
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
            const { metadata, parts } = commit("Product-1", 1)
            const expected = { _tag: "Exactly" as const, version }
            return Effect.exit(log.append({ metadata, parts: parts.map((part) => ({ ...part, expected })) }))
          },
          { concurrency: 2 }
        )
        expect(outcomes.filter(Exit.isSuccess)).toHaveLength(1)
      }
    })
  )
})
