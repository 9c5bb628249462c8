/** What a read database promises of writing rows: together with the position, or not at all. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import type { Case } from "./Contract.ts"
import { equal, range, refuses } from "./Contract.ts"
import * as Rows from "./ContractRows.ts"

/** Writing rows. */
export const cases: ReadonlyArray<Case<Rows.Stores>> = [
  Rows.promise("rows and position move together, and each answer says what it is as of", (store, model) =>
    Effect.gen(function* () {
      const projection = yield* Rows.fresh
      const { generation } = yield* Rows.current(projection)
      const a = { text: "α", number: 1.5, flag: true, more: null, nested: { list: [1, "x", null, {}] } }
      yield* Rows.write(projection, generation, 0, { a, b: {} }, 4)
      const asOf = { position: 4, time: 40 }
      yield* equal("get", yield* model.get(projection, "a"), { row: a, asOf })
      yield* equal("get of none", yield* model.get(projection, "c"), { row: undefined, asOf })
      const rows = [
        { key: "a", row: a },
        { key: "b", row: {} }
      ]
      yield* equal("list", yield* model.list(projection, {}), { rows, asOf })
      yield* equal("count", yield* model.count(projection, {}), { count: 2, asOf })
      const reached = { generation, position: 4, time: 40, serving: true }
      yield* equal("claimed again", yield* Rows.current(projection), reached)
      yield* Rows.write(projection, generation, 4, {}, 9)
      const later = { position: 9, time: 90 }
      yield* equal("only the position", yield* model.get(projection, "a"), { row: a, asOf: later })
    })
  ),

  Rows.promise("rows are replaced whole, and removed", (store) =>
    Effect.gen(function* () {
      const projection = yield* Rows.fresh
      const { generation } = yield* Rows.current(projection)
      yield* Rows.write(projection, generation, 0, { a: { text: "1", number: 1 }, b: {}, c: {} })
      yield* Rows.write(projection, generation, 1, { a: { text: "2" }, b: undefined, never: undefined })
      yield* equal("replaced", yield* Rows.shown(projection), {
        position: 2,
        rows: { a: { text: "2" }, c: {} }
      })
      yield* Rows.write(projection, generation, 2, { a: undefined, b: { text: "back" }, c: undefined })
      yield* equal("back again", yield* Rows.shown(projection), {
        position: 3,
        rows: { b: { text: "back" } }
      })
    })
  ),

  Rows.promise("a batch that begins elsewhere is CheckpointMoved, and nothing of it is written", (store) =>
    Effect.gen(function* () {
      const projection = yield* Rows.fresh
      const { generation } = yield* Rows.current(projection)
      yield* Rows.write(projection, generation, 0, { a: { number: 1 }, b: { number: 1 } }, 5)
      const before = yield* Rows.shown(projection)
      const rows = { a: { number: 2 }, b: undefined, c: {} }
      for (const from of [0, 4, 6]) {
        const error = { _tag: "CheckpointMoved", subscriber: projection.name, expected: from }
        yield* refuses(`from ${from}`, Rows.write(projection, generation, from, rows, 9), error)
      }
      yield* refuses("a generation that never was", Rows.write(projection, -1, 0, rows), {
        _tag: "CheckpointMoved"
      })
      yield* equal("as before", yield* Rows.shown(projection), before)
    })
  ),

  Rows.promise("rows are found by the keys that exist, whatever is in a key", (store, model) =>
    Effect.gen(function* () {
      const projection = yield* Rows.fresh
      const { generation } = yield* Rows.current(projection)
      const odd = [
        "",
        " ",
        "a",
        "A",
        "ä",
        "a\u0308",
        "日本",
        "😀",
        "'",
        '"',
        "\\",
        "%",
        "_",
        "[]",
        "a\nb",
        "k".repeat(5_000)
      ]
      yield* Rows.write(
        projection,
        generation,
        0,
        Object.fromEntries(odd.map((key, index) => [key, { number: index }]))
      )
      const found = yield* store.rows(generation, [...odd, "missing", "b"])
      yield* equal("how many", found.size, odd.length)
      for (const [index, key] of odd.entries()) {
        yield* equal(`the row of "${key.slice(0, 9)}"`, found.get(key), { number: index })
        yield* equal(`get "${key.slice(0, 9)}"`, (yield* model.get(projection, key)).row, { number: index })
      }
      yield* equal("no keys", yield* store.rows(generation, []), new Map())
    })
  ),

  Rows.promise("a batch of any size is written whole", (store, model) =>
    Effect.gen(function* () {
      const projection = yield* Rows.fresh
      const { generation } = yield* Rows.current(projection)
      let position = 0
      for (const size of [1, 8, 63, 64, 65, 137, 1_000]) {
        const rows = Object.fromEntries(range(1, size).map((n) => [`k${n}`, { number: n * size }]))
        yield* Rows.write(projection, generation, position++, rows)
        yield* equal(`count of ${size}`, (yield* model.count(projection, {})).count, size)
        yield* equal("the last", (yield* model.get(projection, `k${size}`)).row, { number: size * size })
      }
      const none = Object.fromEntries(range(1, 999).map((n) => [`k${n}`, undefined]))
      yield* Rows.write(projection, generation, position, none)
      yield* equal("all but one removed", yield* Rows.keys(projection, {}), ["k1000"])
    })
  ),

  Rows.promise("a row is kept as it was written, whatever happens to the object afterwards", (store, model) =>
    Effect.gen(function* () {
      const projection = yield* Rows.fresh
      const { generation } = yield* Rows.current(projection)
      const row = { text: "before", list: [1], gone: undefined }
      yield* Rows.write(projection, generation, 0, { a: row })
      row.text = "after"
      row.list.push(2)
      const found = (yield* model.get(projection, "a")).row
      yield* equal("the row", found, { text: "before", list: [1] })
    })
  ),

  Rows.promise("of two writers at one position, one wins: each stretch counts once", (store) =>
    Effect.gen(function* () {
      const projection = yield* Rows.fresh
      const { generation } = yield* Rows.current(projection)
      for (const from of range(0, 9)) {
        const writers = ["x", "y", "z"].map((name) =>
          Effect.gen(function* () {
            const before = (yield* store.rows(generation, ["sum"])).get("sum")
            yield* Effect.yieldNow()
            const number = Number(before?.["number"] ?? 0) + 1
            yield* Rows.write(projection, generation, from, { sum: { number }, [name]: {} })
          })
        )
        const outcomes = yield* Effect.all(writers.map(Effect.either), { concurrency: 3 })
        const lost = outcomes.filter(Either.isLeft).map(({ left }) => left._tag)
        yield* equal("the others", lost, ["CheckpointMoved", "CheckpointMoved"])
      }
      const { position, rows } = yield* Rows.shown(projection)
      yield* equal("the position and the sum", [position, rows["sum"]], [10, { number: 10 }])
    })
  ),

  Rows.promise("a reader sees the rows of one position, never a mixture", (store, model) =>
    Effect.gen(function* () {
      const projection = yield* Rows.fresh
      const { generation } = yield* Rows.current(projection)
      const done = yield* Deferred.make<void>()
      const reader = yield* Effect.fork(
        Effect.gen(function* () {
          while (!(yield* Deferred.isDone(done))) {
            const { asOf, rows } = yield* model.list(projection, {})
            for (const { row } of rows) yield* equal("a row and its position", row, { number: asOf.position })
            yield* Effect.yieldNow()
          }
        })
      )
      for (const to of range(1, 50)) {
        const rows = Object.fromEntries(range(1, 20).map((n) => [`k${n}`, { number: to }]))
        yield* Rows.write(projection, generation, to - 1, rows)
        yield* Effect.yieldNow()
      }
      yield* Deferred.succeed(done, undefined)
      yield* Fiber.join(reader)
    })
  )
]
