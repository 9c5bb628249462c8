/** What a log promises of reading one stream. */
import * as Effect from "effect/Effect"
import * as Commit from "../../Domain/Commit.ts"
import type { Past } from "../../Domain/Event.ts"
import * as Expected from "../../Domain/Expected.ts"
import { defaultLimit, type EventStore } from "../../Services/EventStore.ts"
import type { Case } from "./Contract.ts"
import { equal, range, unique } from "./Contract.ts"
import * as Log from "./ContractLog.ts"
import type { StoreClock } from "./StoreClock.ts"

/** Reading a stream. */
export const cases: ReadonlyArray<Case<EventStore | StoreClock>> = [
  Log.promise("a stream is read in pages: after, up to a version, so many", (store) =>
    Effect.gen(function* () {
      const stream = yield* Log.freshStream()
      // Others in between: versions are not positions.
      for (const count of [2, 3, 5]) {
        yield* Log.append(stream, count)
        yield* Log.append(yield* Log.freshStream(), 1)
      }
      const read = (query: { after?: number; version?: number; limit?: number }) =>
        Effect.map(store.readStream({ stream, ...query }), (page) => page.map(({ version }) => version))
      yield* equal("all", yield* read({}), range(1, 10))
      yield* equal("after 7", yield* read({ after: 7 }), [8, 9, 10])
      yield* equal("after the end", yield* read({ after: 10 }), [])
      yield* equal("after more than there are", yield* read({ after: 99 }), [])
      yield* equal("up to version 3", yield* read({ version: 3 }), [1, 2, 3])
      yield* equal("up to version 0", yield* read({ version: 0 }), [])
      yield* equal("beyond the end", yield* read({ version: 99 }), range(1, 10))
      yield* equal("two", yield* read({ limit: 2 }), [1, 2])
      yield* equal("two after 4 up to 9", yield* read({ after: 4, limit: 2, version: 9 }), [5, 6])
      yield* equal("up to 5, after 4", yield* read({ after: 4, limit: 3, version: 5 }), [5])
      yield* equal("up to 3, after 4", yield* read({ after: 4, version: 3 }), [])
    })
  ),

  Log.promise("what a fold needs of a stream is read in the same pages", (store) =>
    Effect.gen(function* () {
      const stream = yield* Log.freshStream()
      const start = (yield* Log.lastTime) + 1_000
      for (const [index, type] of ["Opened", "Größer", "Opened"].entries()) {
        yield* Log.at(start + index, Log.append(stream, 2, type))
      }
      const queries = [
        {},
        { after: 1 },
        { after: 2, limit: 3 },
        { version: 4 },
        { time: start + 1 },
        { after: 6 }
      ]
      for (const query of queries) {
        const needed = ({ id, payload, revision, stream, type, version }: Past) =>
          ({ id, stream, version, type, revision, payload }) satisfies Past
        const past = yield* store.readPast({ stream, ...query })
        const events = yield* store.readStream({ stream, ...query })
        yield* equal(JSON.stringify(query), past.map(needed), events.map(needed))
      }
    })
  ),

  Log.promise("a page of a stream has no more than the default limit", (store) =>
    Effect.gen(function* () {
      const stream = yield* Log.freshStream()
      for (const count of [defaultLimit / 2, defaultLimit / 2, 1]) yield* Log.append(stream, count)
      const first = yield* store.readStream({ stream })
      yield* equal(
        "the first page",
        first.map(({ version }) => version),
        range(1, defaultLimit)
      )
      const second = yield* store.readStream({ stream, after: defaultLimit })
      yield* equal(
        "the second page",
        second.map(({ version }) => version),
        [defaultLimit + 1]
      )
    })
  ),

  Log.promise("a stream is read up to a time, that time included", (store) =>
    Effect.gen(function* () {
      const stream = yield* Log.freshStream()
      const start = (yield* Log.lastTime) + 1_000
      for (const offset of [0, 10, 20]) yield* Log.at(start + offset, Log.append(stream, 2))
      const read = (time: number, rest: { after?: number; version?: number; limit?: number } = {}) =>
        Effect.map(store.readStream({ stream, time: start + time, ...rest }), (page) =>
          page.map(({ version }) => version)
        )
      yield* equal("before the first", yield* read(-1), [])
      yield* equal("at the first", yield* read(0), [1, 2])
      yield* equal("between", yield* read(19), [1, 2, 3, 4])
      yield* equal("at the last", yield* read(20), range(1, 6))
      yield* equal("with the others", yield* read(10, { after: 1, version: 5, limit: 2 }), [2, 3])
    })
  ),

  Log.promise("a stream that does not exist is empty, and names are taken letter by letter", (store) =>
    Effect.gen(function* () {
      const id = yield* unique
      yield* Log.append(`Contract-${id}a`, 1)
      for (const stream of [`Contract-${id}`, `Contract-${id}A`, `contract-${id}a`, `Contract-${id}_`, "%"]) {
        yield* equal(stream, yield* store.readStream({ stream }), [])
      }
    })
  ),

  Log.promise("payloads, types and metadata come back byte for byte", (store) =>
    Effect.gen(function* () {
      const stream = yield* Log.freshStream()
      const texts = [
        "plain",
        "Größe, naïve, 日本語, العربية, עברית, ไทย",
        "e\u0301 is not \u00e9, and \ufb01 is not fi",
        "😀 👩‍👩‍👧‍👦 🏳️‍🌈 \u{10FFFF}",
        "half an emoji: \ud83d, the other half: \ude00",
        "\u0000 \u0001 \u001f \u007f \u2028 \u2029 \ufeff \uffff",
        "quotes ' \" ` \\ and %_ ; -- /* */ ${x} {{x}} ?1 :a @b $c",
        "line\nbreak\r\n\ttab",
        "x".repeat(200_000),
        "😀".repeat(60_000)
      ]
      const payloads = [
        ...texts.map((text) => JSON.stringify({ text, [text.slice(0, 20)]: [text.length] })),
        '{ "spaces" : [ 1.0, 1e2, -0, 12345678901234567890, 0.1000 ],\n"a":1,"a":2 }',
        "{}"
      ]
      const id = yield* unique
      const events = payloads.map((payload, index) => ({
        type: `Тип ${index} "😀'`,
        revision: index + 1,
        payload
      }))
      const metadata = { actor: "Zoë 😀 ' \ud83d \u0000", correlationId: "" }
      yield* store.append({ id, metadata, parts: [{ stream, expected: Expected.any, events }] })
      const found = yield* store.readStream({ stream })
      for (const [index, event] of events.entries()) {
        const stored = found[index]
        yield* equal("the payload", stored?.payload, event.payload)
        yield* equal("the type", stored?.type, event.type)
        yield* equal("the revision", stored?.revision, event.revision)
        yield* equal("the id", stored?.id, Commit.eventId(id, index))
        yield* equal("the metadata", stored?.metadata, JSON.stringify(metadata))
      }
    })
  )
]
