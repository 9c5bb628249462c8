/** What a read database promises of versions: each has rows of its own, and may show another's of the same shape. */
import * as Effect from "effect/Effect"
import type { Case } from "./Contract.ts"
import { equal, refuses } from "./Contract.ts"
import * as Rows from "./ContractRows.ts"

/** Versions and shapes. */
export const cases: ReadonlyArray<Case<Rows.Stores>> = [
  Rows.promise("versions of a projection, and projections, do not change each other", (store, model) =>
    Effect.gen(function* () {
      const first = yield* Rows.filled({ a: { text: "first" } })
      const second = { ...first, version: 2 }
      const other = yield* Rows.filled({ a: { text: "other" } })
      const { generation } = yield* Rows.current(second)
      yield* Rows.write(second, generation, 0, { a: { text: "second" }, b: {} }, 7)
      const firstRows = { position: 1, rows: { a: { text: "first" } } }
      yield* equal("the first", yield* Rows.shown(first), firstRows)
      yield* equal("the second", (yield* model.get(second, "a")).row, { text: "second" })
      const counts = yield* Effect.forEach([first, second, other], (one) => model.count(one, {}))
      yield* equal(
        "how many rows",
        counts.map(({ count }) => count),
        [1, 2, 1]
      )
      const rebuilt = yield* store.begin(first, Rows.log)
      yield* Rows.write(first, rebuilt.generation, 0, {})
      yield* equal("the first, rebuilt", yield* Rows.shown(first), { position: 1, rows: {} })
      yield* equal("the second stays", (yield* Rows.shown(second)).position, 7)
      yield* equal("the other", yield* Rows.shown(other), { position: 1, rows: { a: { text: "other" } } })
    })
  ),

  Rows.promise(
    "until a version has rows to show, those of another one with the same shape are seen",
    (_, model) =>
      Effect.gen(function* () {
        const first = yield* Rows.filled({ a: { text: "first" }, b: { text: "first" } })
        const second = { ...first, version: 2 }
        const asOf = { position: 1, time: 10 }
        const firstRows = { position: 1, rows: { a: { text: "first" }, b: { text: "first" } } }
        yield* equal("before anybody has begun", yield* Rows.shown(second), firstRows)
        const { current } = yield* Rows.claim(second, { head: 3 })
        yield* Rows.write(second, current.generation, 0, { a: { text: "second" } }, 2)
        yield* equal("list", yield* Rows.shown(second), firstRows)
        yield* equal("get", yield* model.get(second, "a"), { row: { text: "first" }, asOf })
        yield* equal("count", yield* model.count(second, { where: { text: "first" } }), { count: 2, asOf })
        yield* equal("search", yield* Rows.keys(second, { search: "FIRST", orderBy: "text" }), ["a", "b"])
        yield* Rows.write(second, current.generation, 2, {}, 3)
        const secondRows = { position: 3, rows: { a: { text: "second" } } }
        yield* equal("its own in the end", yield* Rows.shown(second), secondRows)
        yield* equal("the first keeps its own", yield* Rows.shown(first), firstRows)
      })
  ),

  Rows.promise("rows of another shape are never seen, nor those of another projection", (_, model) =>
    Effect.gen(function* () {
      const first = yield* Rows.filled({ a: { text: "first" } })
      const second = { ...first, version: 2, shape: "another shape" }
      yield* Rows.rebuilding(second, 0, 0)
      yield* Rows.rebuilding(yield* Rows.fresh, 0, 0)
      const { current } = yield* Rows.claim(second, { head: 4000 })
      yield* Rows.write(second, current.generation, 0, { a: { text: "second" } }, 120)
      yield* Rows.rebuilding(second, 120, 4000)
      const message = `"${first.name}" is being built: 120 of 4000 positions`
      yield* refuses("in words", model.get(second, "a"), { message })
      yield* equal("the first", yield* Rows.shown(first), { position: 1, rows: { a: { text: "first" } } })
      yield* Rows.write(second, current.generation, 120, {}, 4000)
      const secondRows = { position: 4000, rows: { a: { text: "second" } } }
      yield* equal("the second", yield* Rows.shown(second), secondRows)
    })
  ),

  Rows.promise(
    "of other versions with the same shape the newest rows are seen, but never half of a build",
    () =>
      Effect.gen(function* () {
        const seventh = { ...(yield* Rows.fresh), version: 7 }
        const [second, fifth, ninth, tenth] = [2, 5, 9, 10].map((version) => ({ ...seventh, version }))
        for (const version of [seventh, second, ninth, tenth]) {
          if (version === undefined) continue
          const shape = version === ninth ? "another shape" : version.shape
          const { current } = yield* Rows.claim({ ...version, shape }, { head: version === tenth ? 3 : 2 })
          const text = `version ${version.version}`
          yield* Rows.write({ ...version, shape }, current.generation, 0, { a: { text } }, 2)
        }
        const seen = { position: 2, rows: { a: { text: "version 2" } } }
        yield* equal("the newest", yield* Rows.shown(fifth ?? seventh), seen)
        const own = { position: 2, rows: { a: { text: "version 7" } } }
        yield* equal("its own before a newer one", yield* Rows.shown(seventh), own)
        const built = yield* Rows.fresh
        const { current } = yield* Rows.claim(built, { head: 3 })
        yield* Rows.write(built, current.generation, 0, { a: {} }, 2)
        yield* Rows.rebuilding({ ...built, version: 2 }, 0, 0)
      })
  ),

  Rows.promise("rows of another version are found by what they were made searchable by", () =>
    Effect.gen(function* () {
      const first = yield* Rows.filled({ a: { text: "apple", mixed: "pear" } })
      const second = { ...first, version: 2, search: ["mixed"] }
      yield* equal("as they were written", yield* Rows.keys(second, { search: "apple" }), ["a"])
      yield* equal("not otherwise", yield* Rows.keys(second, { search: "pear" }), [])
    })
  )
]
