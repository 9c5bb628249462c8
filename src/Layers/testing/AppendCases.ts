/** What a log promises of an append that it accepts. */
import * as Effect from "effect/Effect"
import * as Commit from "../../Domain/Commit.ts"
import * as Expected from "../../Domain/Expected.ts"
import type { EventStore } from "../../Services/EventStore.ts"
import type { Case } from "./Contract.ts"
import { equal, range, unique } from "./Contract.ts"
import * as Log from "./ContractLog.ts"
import type { StoreClock } from "./StoreClock.ts"

/** Accepted appends. */
export const cases: ReadonlyArray<Case<EventStore | StoreClock>> = [
  Log.promise("positions and versions have no gap over commits of several parts", (store) =>
    Effect.gen(function* () {
      const head = yield* store.head
      const streams = [yield* Log.freshStream(), yield* Log.freshStream(), yield* Log.freshStream()]
      const versions = new Map(streams.map((stream) => [stream, 0]))
      let position = head
      for (const counts of [
        [1, 2, 3],
        [5, 0, 1],
        [0, 0, 7],
        [2, 2, 2]
      ]) {
        const parts = streams.map((stream, index) => Log.part(stream, counts[index] ?? 0))
        const commit = yield* Log.commit(...parts)
        const committed = yield* store.append(commit)
        let n = 0
        const expected = parts.flatMap(({ events, stream }) =>
          events.map(() => {
            const version = (versions.get(stream) ?? 0) + 1
            versions.set(stream, version)
            return { id: Commit.eventId(commit.id, n++), stream, version, position: ++position }
          })
        )
        const found = committed.events.map(({ id, position, stream, version }) => ({
          id,
          stream,
          version,
          position
        }))
        yield* equal("the places of the events", found, expected)
      }
      yield* equal("the head is the last position", yield* store.head, position)
      const log = yield* Log.scan({ after: head })
      yield* equal(
        "the log",
        log.map(({ position }) => position),
        range(head + 1, position)
      )
    })
  ),

  Log.promise("a commit of any size is one stretch of the log", (store) =>
    Effect.gen(function* () {
      for (const size of [1, 7, 8, 9, 63, 64, 65, 73, 200]) {
        const stream = yield* Log.freshStream()
        const head = yield* store.head
        const { events } = yield* Log.write(Log.part(stream, size))
        yield* equal(
          `positions of ${size}`,
          events.map(({ position }) => position),
          range(head + 1, head + size)
        )
        yield* equal(
          `versions of ${size}`,
          events.map(({ version }) => version),
          range(1, size)
        )
        yield* equal(`what is read of ${size}`, yield* store.readStream({ stream }), events)
      }
    })
  ),

  Log.promise("what append returns is what is read back, field by field", (store) =>
    Effect.gen(function* () {
      const stream = yield* Log.freshStream()
      const id = yield* unique
      const event = { type: "Größe geändert", revision: 7, payload: '{"a": [1, 2.50]}' }
      const metadata = { actor: "Zoë", commandId: "c-1", correlationId: "r-1", causationId: "e-1" }
      const committed = yield* store.append({
        id,
        metadata,
        parts: [{ stream, expected: Expected.noStream, events: [event] }]
      })
      const [stored] = committed.events
      yield* equal("the event", stored && { ...stored, recordedAt: 0, position: 0 }, {
        ...event,
        id: Commit.eventId(id, 0),
        stream,
        version: 1,
        position: 0,
        recordedAt: 0,
        metadata: JSON.stringify(metadata)
      })
      yield* equal("its stream", yield* store.readStream({ stream }), [stored])
      const page = yield* store.readAll({ after: (stored?.position ?? 0) - 1 })
      yield* equal("the log", page.events, [stored])
    })
  ),

  Log.promise("each expectation that holds lets the append through", (store) =>
    Effect.gen(function* () {
      const appended = (stream: string, expected: Expected.Expected) =>
        Effect.map(Log.write(Log.part(stream, 2, expected)), ({ events }) =>
          events.map(({ version }) => version)
        )
      for (const expected of [Expected.any, Expected.noStream, Expected.exactly(0)]) {
        const name = Expected.describe(expected)
        yield* equal(`${name}, no event yet`, yield* appended(yield* Log.freshStream(), expected), [1, 2])
      }
      const stream = yield* Log.freshStream()
      yield* appended(stream, Expected.any)
      yield* equal("Any, after events", yield* appended(stream, Expected.any), [3, 4])
      yield* equal("StreamExists", yield* appended(stream, Expected.streamExists), [5, 6])
      yield* equal("Exactly", yield* appended(stream, Expected.exactly(6)), [7, 8])
    })
  ),

  Log.promise("a part without events is a check: it holds, and writes nothing", (store) =>
    Effect.gen(function* () {
      const [there, missing, other] = [
        yield* Log.freshStream(),
        yield* Log.freshStream(),
        yield* Log.freshStream()
      ]
      yield* Log.write(Log.part(there, 3))
      const head = yield* store.head
      const alone = yield* Log.write(Log.part(there, 0, Expected.exactly(3)))
      yield* equal("a check alone", alone.events, [])
      yield* equal("the head", yield* store.head, head)
      const { events } = yield* Log.write(
        Log.part(there, 0, Expected.streamExists),
        Log.part(other, 1),
        Log.part(missing, 0, Expected.noStream)
      )
      yield* equal(
        "beside an event",
        events.map(({ position, stream }) => [stream, position]),
        [[other, head + 1]]
      )
      yield* Log.untouched(missing)
    })
  ),

  Log.promise("a commit says where its streams end, so that who has read so far has seen it all", (store) =>
    Effect.gen(function* () {
      const [first, second, missing] = [
        yield* Log.freshStream(),
        yield* Log.freshStream(),
        yield* Log.freshStream()
      ]
      const head = yield* store.head
      yield* Log.append(first, 2)
      yield* Log.append(second, 3)
      const end = (...parts: ReadonlyArray<Commit.Part>) =>
        Effect.map(Log.write(...parts), ({ position }) => Math.max(0, position - head))
      const [one, two, none] = [Log.part(first, 0), Log.part(second, 0), Log.part(missing, 0)]
      yield* equal("of one", yield* end(one), 2)
      yield* equal("of several", [yield* end(two, one), yield* end(one, none, two)], [5, 5])
      yield* equal("of none", yield* end(none), 0)
      yield* equal("with events", yield* end(two, Log.part(first, 4), none), 9)
    })
  ),

  Log.promise("a commit without parts writes nothing", (store) =>
    Effect.gen(function* () {
      const head = yield* store.head
      yield* equal("nothing", yield* Log.write(), { events: [], position: 0, duplicate: false })
      yield* equal("the head", yield* store.head, head)
    })
  ),

  Log.promise("recordedAt never goes back along the log, though the clock does", (store) =>
    Effect.gen(function* () {
      const stream = yield* Log.freshStream()
      const start = (yield* Log.lastTime) + 10_000
      const times: Array<number> = []
      for (const offset of [0, 5_000, -3_600_000, 4_999, 5_001]) {
        const part = Log.part(stream, 2)
        const { events } = yield* Log.at(start + offset, Log.write(part))
        times.push(...events.map(({ recordedAt }) => recordedAt - start))
      }
      yield* equal("times", times, [0, 0, 5_000, 5_000, 5_000, 5_000, 5_000, 5_000, 5_001, 5_001])
    })
  ),

  Log.promise("recordedAt is a whole number of milliseconds, though the clock is finer", (store) =>
    Effect.gen(function* () {
      const part = Log.part(yield* Log.freshStream(), 1)
      const start = (yield* Log.lastTime) + 10_000
      const { events } = yield* Log.at(start + 0.75, Log.write(part))
      yield* equal(
        "times",
        events.map(({ recordedAt }) => recordedAt - start),
        [0]
      )
      yield* equal("as it is read", yield* store.readStream({ stream: part.stream }), events)
    })
  ),

  Log.promise("a checkpoint moves with the events, or on its own", (store) =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      const stream = yield* Log.freshStream()
      yield* equal("at first", yield* store.checkpoint(subscriber), 0)
      const commit = yield* Log.commit(Log.part(stream, 1))
      yield* store.append({ ...commit, advance: { subscriber, from: 0, to: 5 } })
      yield* equal("with events", yield* store.checkpoint(subscriber), 5)
      yield* equal("the event", (yield* store.readStream({ stream })).length, 1)
      const head = yield* store.head
      yield* store.append({ ...(yield* Log.commit()), advance: { subscriber, from: 5, to: 9 } })
      yield* equal("on its own", yield* store.checkpoint(subscriber), 9)
      yield* equal("writes nothing else", yield* store.head, head)
      yield* equal("that of somebody else", yield* store.checkpoint(`${subscriber}'`), 0)
    })
  ),

  Log.promise("the log keeps its identity", (store) =>
    Effect.gen(function* () {
      const before = yield* store.identity
      yield* Log.write(Log.part(yield* Log.freshStream(), 1))
      yield* equal("identity", yield* store.identity, before)
      yield* equal("it says something", before.id.length > 0 && before.epoch >= 1, true)
    })
  )
]
