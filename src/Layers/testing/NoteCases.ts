/** What a log promises of the notes that subscribers keep with their steps. */
import * as Effect from "effect/Effect"
import type { EventStore } from "../../Services/EventStore.ts"
import type { Notes } from "../../Services/Notes.ts"
import type { Case } from "./Contract.ts"
import { equal, range, unique } from "./Contract.ts"
import * as Log from "./ContractLog.ts"
import { find, isAt, note, ofOrders, place, promise, refuses, step, take } from "./ContractNotes.ts"

/** Notes that are kept, and taken away. */
export const cases: ReadonlyArray<Case<EventStore | Notes>> = [
  promise("notes are kept with the checkpoint and with the events of their commit", (store) =>
    Effect.gen(function* () {
      const [subscriber, stream] = [yield* unique, yield* Log.freshStream()]
      yield* isAt(subscriber, 0, [])
      yield* take(subscriber, { to: 3, keep: ofOrders(1, 2) })
      yield* isAt(subscriber, 3, ofOrders(1, 2))
      const commit = yield* Log.commit(Log.part(stream, 2))
      const { events } = yield* store.append({
        ...commit,
        advance: step(subscriber, { from: 3, to: 4, keep: ofOrders(3) })
      })
      yield* equal("the stream", yield* store.readStream({ stream }), events)
      yield* isAt(subscriber, 4, ofOrders(1, 2, 3))
      yield* take(subscriber, { from: 4, to: 9 })
      yield* isAt(subscriber, 9, ofOrders(1, 2, 3))
    })
  ),

  promise("a commit that the log has already takes no step", (store) =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      const commit = yield* Log.commit(Log.part(yield* Log.freshStream(), 1))
      const first = { keep: ofOrders(1, 2), to: 5 }
      yield* store.append({ ...commit, advance: step(subscriber, first) })
      for (const change of [
        first,
        { from: 5, to: 6, keep: ofOrders(3) },
        { from: 5, to: 5, drop: [place(1)] },
        { from: 5, to: 5, drop: [place(9)] },
        { from: 5, to: 5, epoch: 7, keep: [note(1, "another")] }
      ]) {
        const { duplicate } = yield* store.append({ ...commit, advance: step(subscriber, change) })
        yield* equal("duplicate", duplicate, true)
        yield* isAt(subscriber, 5, ofOrders(1, 2))
      }
      yield* take(subscriber, { from: 5, to: 6, epoch: 0 })
    })
  ),

  promise("what is dropped is gone, and nothing else", () =>
    Effect.gen(function* () {
      const [subscriber, other] = [yield* unique, yield* unique]
      const all = [note(1), note(1, "{}", "A-2"), note(2), note(2, "{}", "A-2")]
      const timer = { ...note(1), kind: "timer" }
      yield* take(subscriber, { keep: [...all, timer] })
      yield* take(other, { keep: all })
      yield* take(subscriber, { to: 1, drop: [place(1)] })
      yield* isAt(subscriber, 1, all.slice(1))
      yield* take(subscriber, { from: 1, to: 2, drop: [place(2, "A-2"), place(1, "A-2")] })
      yield* isAt(subscriber, 2, [note(2)])
      yield* take(subscriber, { from: 2, to: 3, drop: [place(2)] })
      yield* isAt(subscriber, 3, [])
      yield* equal("of another kind", yield* find(subscriber, { kind: "timer" }), [timer])
      yield* isAt(other, 0, all)
    })
  ),

  promise("a step that drops what is not there is refused, and its commit with it", (store) =>
    Effect.gen(function* () {
      const [subscriber, other, stream] = [yield* unique, yield* unique, yield* Log.freshStream()]
      yield* take(subscriber, { keep: ofOrders(1, 2), to: 5 })
      yield* take(other, { keep: [note(3), { ...note(4), kind: "timer" }] })
      for (const missing of [
        place(0),
        place(3),
        place(1, "A-2"),
        place(1, "a-1"),
        { ...place(1), kind: "timer" },
        { ...place(4), kind: "timer" }
      ]) {
        const commit = yield* Log.commit(Log.part(stream, 1))
        const change = { from: 5, to: 6, drop: [place(1), missing, place(2)], keep: ofOrders(7) }
        const failed = yield* Effect.flip(store.append({ ...commit, advance: step(subscriber, change) }))
        yield* equal("why", failed._tag, "CheckpointMoved")
        yield* refuses(`without ${JSON.stringify(missing)}`, subscriber, change)
        yield* isAt(subscriber, 5, ofOrders(1, 2))
        yield* Log.untouched(stream)
        yield* equal("its id", (yield* store.append({ ...commit, parts: [] })).duplicate, false)
      }
    })
  ),

  promise("what was dropped once is not dropped again", () =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      yield* take(subscriber, { keep: ofOrders(1) })
      yield* take(subscriber, { drop: [place(1)] })
      yield* refuses("again", subscriber, { drop: [place(1)] })
      yield* take(subscriber, { keep: ofOrders(1) })
      yield* take(subscriber, { drop: [place(1)] })
      yield* isAt(subscriber, 0, [])
    })
  ),

  promise("a step drops before it keeps", () =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      const change = { drop: [place(1)], keep: [note(1, "new")] }
      yield* refuses("what it keeps itself is not there yet", subscriber, change)
      yield* isAt(subscriber, 0, [])
      yield* take(subscriber, { keep: [note(1, "old"), note(2, "old")] })
      yield* take(subscriber, change)
      yield* isAt(subscriber, 0, [note(1, "new"), note(2, "old")])
    })
  ),

  promise("a note takes the place of what was there", () =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      const others = [note(1, "other", "A-2"), note(2, "other")]
      for (const value of ["first", "second", "", "second"]) {
        yield* take(subscriber, { keep: [note(1, value), ...others] })
        yield* isAt(subscriber, 0, [note(1, value), ...others])
      }
      yield* take(subscriber, { keep: [note(1, "one"), note(2, "other"), note(1, "two")] })
      yield* isAt(subscriber, 0, [note(1, "two"), ...others])
      yield* take(subscriber, { drop: [place(1)] })
      yield* isAt(subscriber, 0, others)
    })
  ),

  promise("a step may come back to where it was, and keep notes from there", (store) =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      yield* take(subscriber, { to: 7, keep: ofOrders(7) })
      yield* take(subscriber, { from: 7, to: 7, keep: ofOrders(8) })
      yield* take(subscriber, { from: 7, to: 2, drop: [place(7)] })
      yield* isAt(subscriber, 2, ofOrders(8))
      yield* equal("a step of nothing", (yield* store.append({ id: "", metadata: {}, parts: [] })).events, [])
    })
  ),

  promise("text of any sort comes back as it was, and is told apart letter by letter", () =>
    Effect.gen(function* () {
      const subscriber = `${yield* unique} ' " \n 😀 \u0000 x`
      const texts = [
        "",
        " ",
        "'",
        '"',
        "' \" \\ %_",
        "😀",
        "\u0000",
        "\u0000x",
        "a\nb\r\n",
        "ä",
        "a\u0308",
        "A"
      ]
      const kinds = texts.map((text) => `${text}.`)
      for (const one of kinds) {
        const keep = texts.map((text, n) => ({ kind: one, key: text, order: n, value: text + one }))
        yield* take(subscriber, { keep })
        yield* equal(`of kind ${JSON.stringify(one)}`, yield* find(subscriber, { kind: one }), keep)
        for (const expected of keep) {
          const found = yield* find(subscriber, { kind: one, key: expected.key })
          yield* equal(`of ${JSON.stringify(expected.key)}`, found, [expected])
        }
      }
      for (const one of kinds) {
        const drop = texts.slice(0, -1).map((key, order) => ({ kind: one, key, order }))
        yield* take(subscriber, { drop })
        const left = (yield* find(subscriber, { kind: one })).map(({ key }) => key)
        yield* equal(`left of ${JSON.stringify(one)}`, left, ["A"])
      }
      yield* equal("of half its name", yield* find(subscriber.split("\u0000")[0] ?? "", { kind: "A." }), [])
    })
  ),

  promise("orders are whole numbers from 0 to the largest", () =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      const now = 1_790_000_000_000
      const orders = [0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32, now, now + 1, 2 ** 53 - 2, 2 ** 53 - 1]
      yield* take(subscriber, { keep: ofOrders(...orders.toReversed()) })
      yield* isAt(subscriber, 0, ofOrders(...orders))
      yield* equal("up to now", yield* find(subscriber, { after: place(2 ** 32), upTo: now }), ofOrders(now))
      for (const order of orders) yield* take(subscriber, { drop: [place(order)] })
      yield* isAt(subscriber, 0, [])
    })
  ),

  promise("a value may be large", () =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      const values = range(1, 3).map((n) => JSON.stringify(String(n).repeat(300_000)))
      yield* take(subscriber, { keep: values.map((value, n) => note(n, value)) })
      const found = (yield* find(subscriber)).map(({ value }, n) => value === values[n])
      yield* equal("the same", found, [true, true, true])
    })
  )
]
