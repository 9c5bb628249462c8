/** What a log promises of steps that it refuses: nothing of their notes is kept, and nothing is taken away. */
import * as Effect from "effect/Effect"
import type { Advance } from "../../Domain/Commit.ts"
import * as Expected from "../../Domain/Expected.ts"
import { EventStore } from "../../Services/EventStore.ts"
import * as Limits from "../../Services/Limits.ts"
import type { Notes } from "../../Services/Notes.ts"
import type { Case } from "./Contract.ts"
import * as Contract from "./Contract.ts"
import { equal, range, unique } from "./Contract.ts"
import * as Log from "./ContractLog.ts"
import { find, isAt, note, ofOrders, place, promise, step, take } from "./ContractNotes.ts"

/** Refused steps. */
export const cases: ReadonlyArray<Case<EventStore | Notes>> = [
  promise("of a commit whose events are refused no note is kept, and none is dropped", (store) =>
    Effect.gen(function* () {
      const [subscriber, stream] = [yield* settled, yield* Log.freshStream()]
      const advance = step(subscriber, change)
      const conflict = yield* Log.commit(Log.part(stream, 1, Expected.exactly(4)))
      yield* Contract.refuses("a conflict", store.append({ ...conflict, advance }), {
        _tag: "VersionConflict"
      })
      yield* isAt(subscriber, 5, kept)
      const known = { ...(yield* Log.commit(Log.part(yield* Log.freshStream(), 1))), request: "this" }
      yield* store.append(known)
      yield* Contract.refuses("another request", store.append({ ...known, request: "that", advance }), {
        _tag: "CommandIdReused"
      })
      yield* isAt(subscriber, 5, kept)
      const invalid = yield* Log.commit(Log.part(stream, 1), Log.part(stream, 1))
      yield* Contract.refuses("an invalid commit", store.append({ ...invalid, advance }), {
        _tag: "StoreError",
        reason: "Invalid"
      })
      yield* isAt(subscriber, 5, kept)
      yield* Log.untouched(stream)
    })
  ),

  promise("of a step from elsewhere no note is kept, and none is dropped", () =>
    Effect.gen(function* () {
      const subscriber = yield* settled
      for (const from of [0, 4, 6]) {
        yield* refused(
          subscriber,
          { ...change, from },
          { _tag: "CheckpointMoved", subscriber, expected: from }
        )
      }
    })
  ),

  promise("of a step of an older epoch no note is kept, and none is dropped", () =>
    Effect.gen(function* () {
      const subscriber = yield* settled
      yield* take(subscriber, { from: 5, to: 5, epoch: 3 })
      for (const epoch of [0, 1, 2]) {
        yield* refused(subscriber, { ...change, epoch }, { _tag: "CheckpointMoved", subscriber, expected: 5 })
      }
      yield* take(subscriber, { ...change, epoch: 3 })
      yield* isAt(subscriber, 6, [note(1, "another"), ...ofOrders(3)])
    })
  ),

  promise("a step with half a character is Invalid", () =>
    Effect.gen(function* () {
      const subscriber = yield* settled
      const invalid = { _tag: "StoreError", reason: "Invalid" }
      for (const half of ["\ud83d", "\ude00", "\ude00\ud83d"]) {
        for (const wrong of [{ kind: half }, { key: `A-${half}` }, { value: `"${half}"` }]) {
          yield* refused(subscriber, { ...change, keep: [...ofOrders(7), { ...note(8), ...wrong }] }, invalid)
        }
        for (const wrong of [{ kind: half }, { key: `A-${half}` }]) {
          yield* refused(subscriber, { ...change, drop: [place(1), { ...place(2), ...wrong }] }, invalid)
        }
        yield* Contract.refuses("the subscriber", take(`${subscriber}${half}`, { to: 1 }), invalid)
      }
      // Two halves are no character where they stand in two texts.
      const halves = { kind: "\ud83d", key: "\ude00" }
      yield* refused(subscriber, { ...change, keep: [{ ...note(8), ...halves }] }, invalid)
      yield* refused(subscriber, { ...change, drop: [{ ...place(8), ...halves }] }, invalid)
    })
  ),

  promise("a half character drops nothing that only looks like it", () =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      const replaced = note(1, "{}", "A-\ufffd")
      yield* take(subscriber, { keep: [replaced] })
      yield* Contract.refuses("half of it", take(subscriber, { drop: [place(1, "A-\ud83d")] }), {
        _tag: "StoreError",
        reason: "Invalid"
      })
      yield* isAt(subscriber, 0, [replaced])
    })
  ),

  promise("an order or an epoch that is no whole number from 0 is Invalid", () =>
    Effect.gen(function* () {
      const subscriber = yield* settled
      const invalid = { _tag: "StoreError", reason: "Invalid" }
      for (const n of [-1, 0.5, NaN, Infinity, 2 ** 53]) {
        yield* refused(subscriber, { ...change, keep: ofOrders(7, n) }, invalid)
        yield* refused(subscriber, { ...change, drop: [place(1), place(n)] }, invalid)
        yield* refused(subscriber, { ...change, epoch: n }, invalid)
      }
    })
  ),

  promise("a step has as many notes as a commit has events, kept or dropped, and no more", () =>
    Effect.gen(function* () {
      const { commitEvents } = yield* Limits.Current
      const subscriber = yield* unique
      const all = ofOrders(...range(1, commitEvents))
      yield* take(subscriber, { keep: all })
      yield* equal("kept", yield* find(subscriber, { limit: commitEvents + 1 }), all)
      const tooLarge = { _tag: "StoreError", reason: "TooLarge" }
      const more = ofOrders(...range(0, commitEvents))
      const half = Math.floor(commitEvents / 2)
      for (const beyond of [{ keep: more }, { drop: all, keep: ofOrders(0) }]) {
        yield* Contract.refuses("one beyond", take(subscriber, { to: 1, ...beyond }), tooLarge)
        yield* equal("as before", yield* find(subscriber, { limit: commitEvents + 1 }), all)
      }
      yield* take(subscriber, { to: 1, drop: all.slice(0, half), keep: all.slice(half) })
      yield* equal("half of them", yield* find(subscriber), all.slice(half))
      yield* take(subscriber, { from: 1, to: 2, drop: all.slice(half) })
      yield* isAt(subscriber, 2, [])
    })
  ),

  promise(
    "the notes of a step are as large as the payloads of a commit, in bytes of UTF-8, and no larger",
    () =>
      Effect.gen(function* () {
        const { commitBytes } = yield* Limits.Current
        const half = Math.floor(commitBytes / 2)
        for (const letter of ["x", "é", "語", "😀"]) {
          const subscriber = yield* unique
          const sized = [note(1, text(half, letter)), note(2, text(commitBytes - half, letter))]
          const isBeyond = take(subscriber, { to: 1, keep: [...sized, note(3, "1")] })
          yield* Contract.refuses("one beyond", isBeyond, { _tag: "StoreError", reason: "TooLarge" })
          yield* isAt(subscriber, 0, [])
          yield* take(subscriber, { to: 1, keep: sized })
          const sizes = (yield* find(subscriber)).map(({ value }, n) => value === sized[n]?.value)
          yield* equal("as they were", sizes, [true, true])
        }
      })
  )
]

// internal

const kept = [...ofOrders(1), note(2, "two")]

/** A subscriber at 5, with two notes. */
const settled = Effect.tap(unique, (subscriber) => take(subscriber, { to: 5, keep: kept }))

/** A step that would change all of that. */
const change = { from: 5, to: 6, drop: [place(1), place(2)], keep: [note(1, "another"), ...ofOrders(3)] }

/** Fails unless a step is refused, alone and with events, and leaves everything as it was. */
const refused = (subscriber: string, wrong: Partial<Advance>, error: { readonly [field: string]: unknown }) =>
  Effect.gen(function* () {
    const store = yield* EventStore
    const stream = yield* Log.freshStream()
    const commit = yield* Log.commit(Log.part(stream, 1))
    yield* Contract.refuses("alone", take(subscriber, wrong), error)
    yield* Contract.refuses(
      "with events",
      store.append({ ...commit, advance: step(subscriber, wrong) }),
      error
    )
    yield* Log.untouched(stream)
    yield* isAt(subscriber, 5, kept)
  })

/** So many bytes of text. */
const text = (bytes: number, letter: string): string => {
  const width = new TextEncoder().encode(letter).length
  return letter.repeat(Math.floor(bytes / width)) + "x".repeat(bytes % width)
}
