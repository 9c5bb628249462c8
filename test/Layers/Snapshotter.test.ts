import { describe, expect, it } from "@effect/vitest"
import { MemorySnapshots, MemoryStack, Snapshots, Snapshotter, StoreError } from "everfold"
import type { Snapshot } from "everfold"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as TestClock from "effect/TestClock"
import { balance, deposits, keeping, kept, logged, type Store, watched } from "./Kept.ts"
import { hurry, settle } from "./Stacks.ts"

const snapshot = (stream: string, version: number): Snapshot.Snapshot => ({
  stream,
  key: "key",
  version,
  last: `${stream}#${version}`,
  state: String(version)
})

const save = (stream: string, version: number) =>
  Effect.flatMap(Snapshotter.Snapshotter, (snapshotter) =>
    snapshotter.save(stream, () => Either.right(snapshot(stream, version)))
  )

const discard = (stream: string) =>
  Effect.flatMap(Snapshotter.Snapshotter, (snapshotter) => snapshotter.discard(stream))

/** A store that shows what it is asked to do, and does it when it is let. */
const gated = Effect.gen(function* () {
  const asked = yield* Queue.unbounded<ReadonlyArray<string>>()
  const gate = yield* Effect.makeSemaphore(1)
  yield* gate.take(1)
  const showing = (...what: ReadonlyArray<string>) =>
    Effect.asVoid(Effect.zipRight(Queue.offer(asked, what), gate.take(1)))
  const store = Layer.effect(
    Snapshots.Snapshots,
    Effect.map(MemorySnapshots.make, (store) => ({
      load: store.load,
      save: (all) =>
        Effect.zipRight(
          showing(...all.map(({ stream, version }) => `${stream} ${version}`)),
          store.save(all)
        ),
      discard: (stream) => Effect.zipRight(showing(`no ${stream}`), store.discard(stream))
    }))
  )
  return { asked, next: gate.release(1), layer: Layer.provideMerge(Snapshotter.layer, store) }
})

const unavailable = StoreError.make("ReadOnly", "the disk is read-only")

describe("the writer in the background", () => {
  it.scoped("writes what waits together, of each stream the latest only", () =>
    Effect.gen(function* () {
      const { asked, layer, next } = yield* gated
      yield* Effect.gen(function* () {
        yield* save("a", 1)
        expect(yield* Queue.take(asked)).toEqual(["a 1"])
        yield* save("b", 1)
        yield* save("a", 2)
        yield* save("b", 2)
        yield* save("a", 3)
        yield* next
        expect(yield* Queue.take(asked)).toEqual(["b 2", "a 3"])
      }).pipe(Effect.provide(layer))
    })
  )

  it.scoped("a stream that is discarded while it waits is not written; what comes afterwards is", () =>
    Effect.gen(function* () {
      const { asked, layer, next } = yield* gated
      yield* Effect.gen(function* () {
        yield* save("a", 9)
        expect(yield* Queue.take(asked)).toEqual(["a 9"])
        yield* save("a", 10)
        yield* save("b", 10)
        yield* discard("a")
        yield* discard("b")
        yield* save("a", 1)
        yield* save("a", 2)
        yield* Effect.repeatN(next, 3)
        expect(yield* Queue.takeN(asked, 3).pipe(Effect.map((all) => [...all]))).toEqual([
          ["no a"],
          ["no b"],
          ["a 2"]
        ])
        yield* save("c", 1)
        expect(yield* Queue.take(asked)).toEqual(["c 1"])
        const store = yield* Snapshots.Snapshots
        expect(yield* store.load("a", "key")).toEqual(Option.some(snapshot("a", 2)))
      }).pipe(Effect.provide(layer))
    })
  )

  it.scoped("what is discarded is discarded, whatever fails, and however much there is to save", () =>
    Effect.gen(function* () {
      const failing = new Set(["a", "hangs"])
      const store = yield* MemorySnapshots.make
      const faulty = Layer.succeed(Snapshots.Snapshots, {
        ...store,
        discard: (stream) =>
          Effect.suspend(() => {
            if (!failing.has(stream)) return store.discard(stream)
            return stream === "a" ? unavailable : Effect.never
          })
      })
      const found = (stream: string) => Effect.map(store.load(stream, "key"), Option.isSome)
      yield* store.save(["a", "b", "hangs"].map((stream) => snapshot(stream, 1)))
      yield* Effect.gen(function* () {
        yield* discard("a")
        yield* discard("b")
        yield* save("c", 1)
        yield* settle
        expect(yield* Effect.forEach(["a", "b", "c"], found)).toEqual([true, false, true])
        const { load } = yield* Snapshotter.Snapshotter
        expect(Option.isNone(yield* load("a", "key"))).toBe(true)
        yield* save("a", 2)
        for (let n = 1; n <= 300; n++) yield* save(`s${n}`, n)
        yield* settle
        expect([yield* found("a"), yield* found("s300")]).toEqual([true, true])
        failing.delete("a")
        // Nobody has to ask for it once more.
        yield* TestClock.adjust("10 seconds")
        yield* settle
        expect(yield* found("a")).toBe(false)
        yield* discard("hangs")
        yield* settle
        failing.delete("hangs")
        yield* TestClock.adjust("20 seconds")
        yield* settle
        expect(yield* found("hangs")).toBe(false)
      }).pipe(Effect.provide(Layer.provide(Snapshotter.layer, faulty)))
    })
  )

  it.scoped("keeps the latest 256 streams while the store is slow", () =>
    Effect.gen(function* () {
      const { asked, layer, next } = yield* gated
      yield* Effect.gen(function* () {
        yield* save("first", 1)
        yield* Queue.take(asked)
        for (let n = 1; n <= 1_000; n++) yield* save(`s${n}`, n)
        yield* next
        const written = yield* Queue.take(asked)
        expect(written).toHaveLength(256)
        expect([written[0], written[255]]).toEqual(["s745 745", "s1000 1000"])
      }).pipe(Effect.provide(layer))
    })
  )
})

const faults: ReadonlyArray<readonly [what: string, change: (store: Store) => Store, lines: number]> = [
  ["fails", () => ({ load: () => unavailable, save: () => unavailable, discard: () => unavailable }), 2],
  ["may not be written", (store) => ({ ...store, save: () => unavailable, discard: () => unavailable }), 1],
  [
    "has a bug",
    () => ({
      load: () => Effect.die("bug"),
      save: () => Effect.die("bug"),
      discard: () => Effect.die("bug")
    }),
    2
  ],
  ["hangs", () => ({ load: () => Effect.never, save: () => Effect.never, discard: () => Effect.never }), 2],
  [
    "hangs in a write that cannot be interrupted",
    (store) => ({ ...store, save: () => Effect.uninterruptible(Effect.never) }),
    1
  ]
]

describe("commands over a store of snapshots that", () => {
  it.scoped.each(faults)(
    "%s: none fails, one line says so, and the end is the end",
    ([, change, expected]) => {
      const { layer: logger, lines } = logged()
      return Effect.gen(function* () {
        yield* hurry
        const account = keeping({ every: 2 })
        const { engine } = yield* watched(change)
        yield* Effect.gen(function* () {
          yield* deposits(account, "alice", 20)
          for (let n = 0; n < 20; n++) expect(yield* balance(account, "alice")).toBe(20)
          // Until the writer has given up as well.
          yield* TestClock.adjust("1 minute")
          yield* deposits(account, "bob", 20)
        }).pipe(Effect.provide(engine))
        expect(lines.filter((line) => line.startsWith("WARN snapshots cannot be"))).toHaveLength(expected)
        expect(lines).toHaveLength(expected)
      }).pipe(Effect.provide(MemoryStack.layer), Effect.provide(logger))
    }
  )
})

it.scoped("a store that keeps commands waiting is left alone for ten seconds", () =>
  Effect.gen(function* () {
    const account = keeping()
    let asked = 0
    const { engine } = yield* watched((store) => ({
      ...store,
      load: () =>
        Effect.zipRight(
          Effect.sync(() => (asked += 1)),
          Effect.never
        )
    }))
    yield* Effect.gen(function* () {
      const first = yield* Effect.fork(balance(account, "alice"))
      yield* TestClock.adjust("249 millis")
      expect(Option.isNone(yield* Fiber.poll(first))).toBe(true)
      yield* TestClock.adjust("1 millis")
      expect(yield* Fiber.join(first)).toBe(0)
      // Time stands still: who waited would wait for ever.
      expect(yield* Effect.forEach([1, 2, 3], () => balance(account, "alice"))).toEqual([0, 0, 0])
      expect(asked).toBe(1)
      yield* TestClock.adjust("10 seconds")
      const second = yield* Effect.fork(balance(account, "alice"))
      yield* TestClock.adjust("250 millis")
      expect(yield* Fiber.join(second)).toBe(0)
      expect(asked).toBe(2)
    }).pipe(Effect.provide(engine))
  }).pipe(Effect.provide(MemoryStack.layer))
)

it.scoped("each streak of failures has its own line, and ends when the store works again", () => {
  const { layer: logger, lines } = logged()
  return Effect.gen(function* () {
    const account = keeping({ every: 1 })
    const attempted = yield* Queue.unbounded<boolean>()
    let works = false
    const { engine, saved } = yield* watched((store) => ({
      ...store,
      save: (all) =>
        Effect.zipRight(
          Queue.offer(attempted, works),
          Effect.suspend(() => (works ? store.save(all) : unavailable))
        )
    }))
    yield* Effect.gen(function* () {
      for (const now of [false, false, true, false, false, true]) {
        works = now
        yield* deposits(account, "alice", 1)
        expect(yield* Queue.take(attempted)).toBe(now)
      }
      yield* kept(saved, 6)
      expect(lines).toEqual(Array(2).fill(expect.stringMatching(/^WARN snapshots cannot be written/)))
    }).pipe(Effect.provide(engine))
  }).pipe(Effect.provide(MemoryStack.layer), Effect.provide(logger))
})

it.scoped("a state that JSON cannot say is not kept; the others are", () => {
  const { layer: logger, lines } = logged()
  return Effect.gen(function* () {
    const { asked, layer, next } = yield* gated
    yield* Effect.gen(function* () {
      const snapshotter = yield* Snapshotter.Snapshotter
      yield* snapshotter.save("a", () => Either.left("it is infinite"))
      yield* save("b", 1)
      expect(yield* Queue.take(asked)).toEqual(["b 1"])
      yield* next
      yield* save("c", 1)
      expect(yield* Queue.take(asked)).toEqual(["c 1"])
      expect(lines).toHaveLength(1)
    }).pipe(Effect.provide(layer))
  }).pipe(Effect.provide(logger))
})
