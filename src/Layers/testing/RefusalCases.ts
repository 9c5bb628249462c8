/** What a log promises of an append that it refuses: nothing of it was written, and the next one works. */
import * as Effect from "effect/Effect"
import * as Expected from "../../Domain/Expected.ts"
import type { EventStore } from "../../Services/EventStore.ts"
import type { Case } from "./Contract.ts"
import { equal, refuses, unique } from "./Contract.ts"
import * as Log from "./ContractLog.ts"

/** Refused appends. */
export const cases: ReadonlyArray<Case<EventStore>> = [
  Log.promise("each expectation that does not hold is a VersionConflict that says why", (store) =>
    Effect.gen(function* () {
      const there = yield* Log.freshStream()
      const missing = yield* Log.freshStream()
      yield* Log.append(there, 2)
      const head = yield* store.head
      const refused = [
        { stream: there, expected: Expected.noStream, actual: 2 },
        { stream: there, expected: Expected.exactly(0), actual: 2 },
        { stream: there, expected: Expected.exactly(1), actual: 2 },
        { stream: there, expected: Expected.exactly(3), actual: 2 },
        { stream: missing, expected: Expected.streamExists, actual: 0 },
        { stream: missing, expected: Expected.exactly(1), actual: 0 }
      ]
      for (const { actual, expected, stream } of refused) {
        const error = { _tag: "VersionConflict", stream, actual, expected: Expected.describe(expected) }
        for (const count of [1, 0]) {
          const append = Log.write(Log.part(stream, count, expected))
          yield* refuses(`${error.expected} with ${count} events`, append, error)
        }
      }
      yield* equal("the head", yield* store.head, head)
      yield* Log.untouched(missing)
      yield* equal("the next append", (yield* Log.append(there, 1)).events[0]?.version, 3)
    })
  ),

  Log.promise("a conflict in a later part writes nothing of the earlier ones", (store) =>
    Effect.gen(function* () {
      const [first, second, third] = [
        yield* Log.freshStream(),
        yield* Log.freshStream(),
        yield* Log.freshStream()
      ]
      const head = yield* store.head
      for (const count of [1, 0]) {
        const append = Log.write(
          Log.part(first, 2),
          Log.part(second, count, Expected.streamExists),
          Log.part(third, 1)
        )
        yield* refuses("the commit", append, { _tag: "VersionConflict", stream: second })
      }
      yield* Log.untouched(first, second, third)
      yield* equal("the head", yield* store.head, head)
      const { events } = yield* Log.append(first, 1)
      yield* equal(
        "the next append",
        events.map(({ position, version }) => [version, position]),
        [[1, head + 1]]
      )
    })
  ),

  Log.promise("two parts for one stream are refused", () =>
    Effect.gen(function* () {
      const stream = yield* Log.freshStream()
      const append = Log.write(Log.part(stream, 1), Log.part(stream, 0))
      yield* refuses("the commit", append, { _tag: "StoreError", reason: "Invalid" })
      yield* Log.untouched(stream)
    })
  ),

  Log.promise("a name that is no stream name is refused", () =>
    Effect.gen(function* () {
      const id = yield* unique
      const other = yield* Log.freshStream()
      const bad = [
        "",
        "NoDash",
        "-1",
        "Category-",
        "1Category-1",
        "Cate gory-1",
        `Category-${id} `,
        `Category-${id}\n`,
        "Category-ü",
        "Category-a/b",
        "Category-'; drop table events; --",
        `Category-${"x".repeat(200)}`
      ]
      for (const stream of bad) {
        const append = Log.write(Log.part(other, 1), Log.part(stream, 1))
        yield* refuses(`"${stream}"`, append, { _tag: "StoreError", reason: "Invalid" })
        yield* Log.untouched(stream)
      }
      yield* Log.untouched(other)
      const longest = `Category_9-${id}`.padEnd(200, ".:_-")
      yield* equal("the longest one", (yield* Log.append(longest, 1)).events[0]?.stream, longest)
    })
  ),

  Log.promise("a payload or a type that is not Unicode is refused", () =>
    Effect.gen(function* () {
      const [stream, other] = [yield* Log.freshStream(), yield* Log.freshStream()]
      const happened = Log.event()
      for (const half of ["\ud83d", "\ude00", "\ude00\ud83d"]) {
        for (const event of [
          { ...happened, payload: JSON.stringify({ n: 1 }).replace("n", half) },
          { ...happened, type: `Half ${half}` }
        ]) {
          const part = { ...Log.part(stream, 1), events: [happened, event] }
          const append = Log.write(Log.part(other, 1), part)
          yield* refuses(JSON.stringify(half), append, { _tag: "StoreError", reason: "Invalid" })
        }
      }
      yield* Log.untouched(stream, other)
    })
  ),

  Log.promise("a checkpoint that is elsewhere is CheckpointMoved, and nothing is written", (store) =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      const stream = yield* Log.freshStream()
      const advance = { subscriber, from: 0, to: 3 }
      yield* store.append({ ...(yield* Log.commit()), advance })
      for (const from of [0, 2, 4]) {
        const commit = yield* Log.commit(Log.part(stream, 1))
        yield* refuses(`from ${from}`, store.append({ ...commit, advance: { subscriber, from, to: 7 } }), {
          _tag: "CheckpointMoved",
          subscriber,
          expected: from,
          epoch: 0
        })
      }
      yield* equal("the checkpoint", yield* store.checkpoint(subscriber), 3)
      yield* Log.untouched(stream)
    })
  ),

  Log.promise("a checkpoint stays where it is when the events are refused", (store) =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      const stream = yield* Log.freshStream()
      const advance = { subscriber, from: 0, to: 3 }
      const conflict = yield* Log.commit(Log.part(stream, 1, Expected.exactly(4)))
      yield* refuses("a conflict", store.append({ ...conflict, advance }), { _tag: "VersionConflict" })
      const invalid = yield* Log.commit(Log.part(stream, 1), Log.part(stream, 1))
      yield* refuses("an invalid commit", store.append({ ...invalid, advance }), {
        _tag: "StoreError",
        reason: "Invalid"
      })
      yield* equal("the checkpoint", yield* store.checkpoint(subscriber), 0)
      yield* Log.untouched(stream)
    })
  ),

  Log.promise("a moved checkpoint is told before a conflict: somebody else has done the work", (store) =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      const stream = yield* Log.freshStream()
      const commit = yield* Log.commit(Log.part(stream, 1, Expected.exactly(4)))
      const both = store.append({ ...commit, advance: { subscriber, from: 1, to: 2 } })
      yield* refuses("both at once", both, { _tag: "CheckpointMoved" })
      yield* Log.untouched(stream)
    })
  )
]
