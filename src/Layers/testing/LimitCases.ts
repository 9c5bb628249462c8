/** What a log promises of sizes: what is at a limit is taken, what is one beyond it is refused whole. */
import * as Effect from "effect/Effect"
import type { Part } from "../../Domain/Commit.ts"
import type { Metadata } from "../../Domain/Event.ts"
import * as Expected from "../../Domain/Expected.ts"
import { EventStore } from "../../Services/EventStore.ts"
import * as Limits from "../../Services/Limits.ts"
import type { Case } from "./Contract.ts"
import { equal, range, refuses } from "./Contract.ts"
import * as Log from "./ContractLog.ts"

/** Sizes, in the limits that are in force where the cases run. */
export const cases: ReadonlyArray<Case<EventStore>> = [
  Log.promise("the payload of an event is as large as its limit, in bytes of UTF-8, and no larger", () =>
    Effect.gen(function* () {
      const { eventBytes } = yield* Limits.Current
      for (const letter of letters) {
        yield* taken(sized(yield* Log.freshStream(), [text(eventBytes, letter)]))
        yield* tooLarge(sized(yield* Log.freshStream(), ["{}", text(eventBytes + 1, letter)]))
      }
    })
  ),

  Log.promise("the metadata of a commit is as large as its limit, in bytes of UTF-8, and no larger", () =>
    Effect.gen(function* () {
      const { metadataBytes } = yield* Limits.Current
      const around = JSON.stringify({ actor: "" }).length - 2
      for (const letter of letters) {
        const actor = (bytes: number): Metadata => ({ actor: JSON.parse(text(bytes - around, letter)) })
        yield* taken([Log.part(yield* Log.freshStream(), 1)], actor(metadataBytes))
        yield* tooLarge([Log.part(yield* Log.freshStream(), 1)], actor(metadataBytes + 1))
      }
    })
  ),

  Log.promise("a commit has as many events as its limit, over all its parts, and no more", () =>
    Effect.gen(function* () {
      const { commitEvents } = yield* Limits.Current
      const parts = (count: number) =>
        Effect.map(Effect.all([Log.freshStream(), Log.freshStream()]), ([first, second]) => [
          Log.part(first, 1),
          Log.part(second, count - 1)
        ])
      yield* taken(yield* parts(commitEvents))
      yield* tooLarge(yield* parts(commitEvents + 1))
    })
  ),

  Log.promise("the payloads of a commit are as large as their limit, over all its parts, and no larger", () =>
    Effect.gen(function* () {
      const { commitBytes, eventBytes } = yield* Limits.Current
      const parts = (bytes: number) =>
        Effect.map(Effect.all([Log.freshStream(), Log.freshStream()]), ([first, second]) => {
          const [one = 0, ...others] = range(0, Math.ceil(bytes / eventBytes) - 1).map((n) =>
            Math.min(eventBytes, bytes - n * eventBytes)
          )
          return [
            ...sized(first, [text(one, "é")]),
            ...sized(
              second,
              others.map((size) => text(size, "é"))
            )
          ]
        })
      yield* taken(yield* parts(commitBytes))
      yield* tooLarge(yield* parts(commitBytes + 1))
    })
  )
]

// internal

/** Of one, two, three and four bytes; the last of two units in UTF-16. */
const letters = ["x", "é", "語", "😀"]

/** A text of JSON of so many bytes. */
const text = (bytes: number, letter: string): string => {
  const width = new TextEncoder().encode(letter).length
  const inside = Math.max(0, bytes - 2)
  return bytes < 2
    ? "1".repeat(bytes)
    : `"${letter.repeat(Math.floor(inside / width))}${"x".repeat(inside % width)}"`
}

const sized = (stream: string, payloads: ReadonlyArray<string>): ReadonlyArray<Part> => [
  { stream, expected: Expected.any, events: payloads.map((payload) => ({ ...Log.event(), payload })) }
]

const taken = (parts: ReadonlyArray<Part>, metadata: Metadata = {}) =>
  Effect.gen(function* () {
    const store = yield* EventStore
    yield* store.append({ ...(yield* Log.commit(...parts)), metadata })
    for (const { events, stream } of parts) {
      const payloads = yield* Log.payloads(stream)
      yield* equal(
        "as it was",
        payloads,
        events.map(({ payload }) => payload)
      )
    }
  })

/** Refused, without a trace: its id too is free. */
const tooLarge = (parts: ReadonlyArray<Part>, metadata: Metadata = {}) =>
  Effect.gen(function* () {
    const store = yield* EventStore
    const head = yield* store.head
    const commit = yield* Log.commit(...parts)
    yield* refuses("one beyond", store.append({ ...commit, metadata }), {
      _tag: "StoreError",
      reason: "TooLarge"
    })
    yield* equal("the head", yield* store.head, head)
    yield* Log.untouched(...parts.map(({ stream }) => stream))
    yield* equal("its id", (yield* store.append({ ...commit, parts: [] })).duplicate, false)
  })
