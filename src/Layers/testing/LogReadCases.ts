/** What a log promises of reading all streams. */
import * as Effect from "effect/Effect"
import * as Expected from "../../Domain/Expected.ts"
import * as Text from "../../Domain/Text.ts"
import { defaultLimit, type EventStore, type LogQuery, pageBytes } from "../../Services/EventStore.ts"
import type { Case } from "./Contract.ts"
import { equal, range, unique } from "./Contract.ts"
import * as Log from "./ContractLog.ts"
import type { StoreClock } from "./StoreClock.ts"

/** Reading the log. */
export const cases: ReadonlyArray<Case<EventStore | StoreClock>> = [
  Log.promise("the log is read in pages that continue each other, in the order of the commits", (store) =>
    Effect.gen(function* () {
      const head = yield* store.head
      const streams = [yield* Log.freshStream(), yield* Log.freshStream()]
      for (const stream of [...streams, ...streams, ...streams]) yield* Log.append(stream, 3)
      for (const limit of [1, 2, 7, 18, 19]) {
        const pages = yield* Log.pages({ after: head, limit })
        const found = pages.flatMap(({ events }) => events)
        yield* equal(
          `positions by ${limit}`,
          found.map(({ position }) => position),
          range(head + 1, head + 18)
        )
        yield* equal(
          "no page is too long",
          Math.max(...pages.map(({ events }) => events.length)) <= limit,
          true
        )
        for (const { events, time, to } of pages) {
          yield* equal(
            "a page ends with its last event",
            [to, time],
            [events.at(-1)?.position, events.at(-1)?.recordedAt]
          )
        }
      }
    })
  ),

  Log.promise(
    "a page of large events ends before it has more than 4 MiB of them, and the next one goes on",
    (store) =>
      Effect.gen(function* () {
        const head = yield* store.head
        const large = { ...Log.event(), payload: JSON.stringify({ text: "x".repeat(250 * 1024) }) }
        const events = range(1, 9).map(() => large)
        const stream = yield* Log.freshStream()
        const commit = Effect.flatMap(Log.commit({ stream, expected: Expected.any, events }), (commit) =>
          store.append(commit)
        )
        yield* Effect.repeatN(commit, 2)
        for (const query of [{ after: head }, { after: head, types: [large.type] }]) {
          const pages = yield* Log.pages(query)
          yield* equal(
            "pages",
            pages.map((page) => page.events.length),
            [16, 11]
          )
          yield* equal(
            "ends",
            pages.map(({ to }) => to),
            [head + 16, head + 27]
          )
        }
      })
  ),

  Log.promise("large events among small ones are whole, and no page has room for the next one", (store) =>
    Effect.gen(function* () {
      const after = yield* store.head
      const stream = yield* Log.freshStream()
      // Two bytes each.
      const texts = range(1, 360).map((n) => "é".repeat(n % 3 === 0 ? n * 100 : n))
      const events = texts.map((text) => ({ ...Log.event(), payload: JSON.stringify({ text }) }))
      for (let first = 0; first < events.length; first += 40) {
        const part = { stream, expected: Expected.any, events: events.slice(first, first + 40) }
        yield* Effect.flatMap(Log.commit(part), (commit) => store.append(commit))
      }
      const pages = (yield* Log.pages({ after })).map((page) => page.events.map(({ payload }) => payload))
      yield* equal(
        "payloads",
        pages.flat(),
        events.map(({ payload }) => payload)
      )
      const bytes = (payloads: ReadonlyArray<string>) => Text.bytes(payloads.join(""))
      for (const [index, page] of pages.entries()) {
        const [next = ""] = pages[index + 1] ?? []
        yield* equal("no page has too much", bytes(page) <= pageBytes, true)
        yield* equal("nor too little", next === "" || bytes([...page, next]) > pageBytes, true)
      }
    })
  ),

  Log.promise("a page has room for one event at least, so that who reads on gets on", (store) =>
    Effect.gen(function* () {
      const after = yield* store.head
      const stream = yield* Log.freshStream()
      yield* Log.append(stream, 2)
      for (const limit of [0, -1, 1.5, Number.NaN]) {
        const page = yield* store.readAll({ after, limit })
        yield* equal(`readAll by ${limit}`, [page.to, page.events.length], [after + 1, 1])
        yield* equal(`readStream by ${limit}`, (yield* store.readStream({ stream, limit })).length, 1)
      }
    })
  ),

  Log.promise("what is read after anything before the first event is read from the first one on", (store) =>
    Effect.gen(function* () {
      const stream = yield* Log.freshStream()
      yield* Log.append(stream, 2)
      const page = yield* store.readAll({ limit: 1 })
      for (const after of [-1, -1_000, -0.5, Number.NaN]) {
        yield* equal(`readAll after ${after}`, yield* store.readAll({ after, limit: 1 }), page)
        const events = yield* store.readStream({ stream, after })
        yield* equal(
          `readStream after ${after}`,
          events.map(({ version }) => version),
          [1, 2]
        )
      }
    })
  ),

  Log.promise("a page of the log has no more than the default limit", (store) =>
    Effect.gen(function* () {
      const head = yield* store.head
      const stream = yield* Log.freshStream()
      for (const count of [defaultLimit / 2, defaultLimit / 2, 1]) yield* Log.append(stream, count)
      const page = yield* store.readAll({ after: head })
      yield* equal("the page", [page.to, page.events.length], [head + defaultLimit, defaultLimit])
    })
  ),

  Log.promise("at the head of the log, `to` is `after`", (store) =>
    Effect.gen(function* () {
      yield* Log.append(yield* Log.freshStream(), 1)
      const head = yield* store.head
      const time = (yield* store.readAll({ after: head - 1 })).time
      const queries: ReadonlyArray<LogQuery> = [
        {},
        { types: ["NeverHappened"] },
        { limit: 1 },
        { since: time }
      ]
      for (const query of queries) {
        const page = yield* store.readAll({ ...query, after: head })
        yield* equal("the page", page, { after: head, to: head, time, events: [] })
      }
      const beyond = yield* store.readAll({ after: head + 5 })
      yield* equal("beyond the head", [beyond.after, beyond.to, beyond.events], [head + 5, head + 5, []])
    })
  ),

  Log.promise("types and categories choose events, and `to` moves on past the others", (store) =>
    Effect.gen(function* () {
      const after = yield* store.head
      const [a, b] = [yield* Log.freshCategory, yield* Log.freshCategory]
      const [red, blue] = [`Red${yield* unique}`, `Blue${yield* unique}`]
      const places: ReadonlyArray<readonly [category: string, type: string]> = [
        [a, red],
        [a, blue],
        [`${a}_`, red],
        [b, blue],
        [b, red],
        [b.toLowerCase(), blue.toUpperCase()],
        [b, "Other"]
      ]
      for (const [category, type] of places) yield* Log.append(yield* Log.freshStream(category), 1, type)
      const head = after + places.length
      const read = (query: LogQuery) =>
        Effect.map(Log.pages({ ...query, after }), (pages) => ({
          found: pages.flatMap(({ events }) => events.map(({ position }) => position - after)),
          to: pages.at(-1)?.to
        }))
      const expected: ReadonlyArray<readonly [LogQuery, ReadonlyArray<number>]> = [
        [{ types: [red] }, [1, 3, 5]],
        [{ types: [red, blue] }, [1, 2, 3, 4, 5]],
        [{ types: [`${red}%`, "%", "NeverHappened"] }, []],
        [{ types: [] }, []],
        [{ categories: [a] }, [1, 2]],
        [{ categories: [a, b] }, [1, 2, 4, 5, 7]],
        [{ categories: [a.slice(0, -1), ""] }, []],
        [{ categories: [] }, []],
        [{ types: [blue], categories: [b] }, [4]],
        [{ types: [blue], categories: [b], limit: 1 }, [4]],
        [{ types: [red, "Other"], categories: [b, `${a}_`], limit: 2 }, [3, 5, 7]]
      ]
      for (const [query, positions] of expected) {
        yield* equal(JSON.stringify(query), yield* read(query), { found: positions, to: head })
      }
    })
  ),

  Log.promise("a filtered page says how far it was scanned, and when that was recorded", (store) =>
    Effect.gen(function* () {
      const after = yield* store.head
      const type = `Wanted${yield* unique}`
      const stream = yield* Log.freshStream()
      const start = (yield* Log.lastTime) + 1_000
      yield* Log.at(start, Log.append(stream, 3))
      yield* Log.at(start + 1, Log.append(stream, 2, type))
      yield* Log.at(start + 2, Log.append(stream, 3))
      const full = yield* store.readAll({ after, types: [type], limit: 2 })
      const [, last] = full.events
      yield* equal(
        "a full page may end at its last event or later",
        full.to >= (last?.position ?? Infinity),
        true
      )
      const none = yield* Log.pages({ after: after + 5, types: [type] })
      yield* equal(
        "nothing found",
        none.flatMap(({ events }) => events),
        []
      )
      yield* equal("but scanned to the head", none.at(-1)?.to, after + 8)
      yield* equal("and its time", none.at(-1)?.time, start + 2)
    })
  ),

  Log.promise("the log is read from a time on, that time included", (store) =>
    Effect.gen(function* () {
      const after = yield* store.head
      const [stream, type] = [yield* Log.freshStream(), `Wanted${yield* unique}`]
      const start = (yield* Log.lastTime) + 1_000
      for (const offset of [0, 10, 10, 20]) yield* Log.at(start + offset, Log.append(stream, 2))
      yield* Log.at(start + 30, Log.append(stream, 1, type))
      const read = (since: number, query: LogQuery = { after }) =>
        Effect.map(Log.scan({ ...query, since: start + since }), (events) =>
          events.map(({ position }) => position - after)
        )
      yield* equal("before the first", yield* read(-1), range(1, 9))
      yield* equal("from the first", yield* read(0), range(1, 9))
      yield* equal("after the first", yield* read(1), range(3, 9))
      yield* equal("from the middle", yield* read(10), range(3, 9))
      yield* equal("without a position", yield* read(10, {}), range(3, 9))
      yield* equal("from a later position", yield* read(10, { after: after + 4 }), range(5, 9))
      yield* equal("in small pages", yield* read(11, { after, limit: 1 }), [7, 8, 9])
      yield* equal("of a type", yield* read(5, { after, types: [type] }), [9])
      yield* equal("after the last", yield* read(31), [])
      const page = yield* store.readAll({ after, since: start + 31 })
      yield* equal("but scanned to the head", page.to, after + 9)
    })
  )
]
