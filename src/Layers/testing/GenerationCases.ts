/** What a read database promises of generations: readers see one build, whole, until another one takes its place. */
import * as Effect from "effect/Effect"
import type { Case } from "./Contract.ts"
import { equal, refuses } from "./Contract.ts"
import * as Rows from "./ContractRows.ts"

/** Serving, building and promoting. */
export const cases: ReadonlyArray<Case<Rows.Stores>> = [
  Rows.promise("readers see the old rows until the new generation is promoted, then the new ones", (store) =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({ a: { text: "old" }, b: { text: "old" } })
      const old = yield* store.serving(projection)
      const next = yield* store.begin(projection)
      yield* equal("it begins at", next.position, 0)
      yield* equal("it is another one", next.generation === old.generation, false)
      yield* Rows.write(projection, next.generation, 0, { a: { text: "new" }, c: { text: "new" } }, 1)
      const before = { position: 1, rows: { a: { text: "old" }, b: { text: "old" } } }
      yield* equal("before", yield* Rows.shown(projection), before)
      yield* equal("serving", yield* store.serving(projection), old)
      yield* equal("promoted", yield* store.promote(projection, next.generation), true)
      const after = { position: 1, rows: { a: { text: "new" }, c: { text: "new" } } }
      yield* equal("after", yield* Rows.shown(projection), after)
      yield* equal("serving", yield* store.serving(projection), { ...next, position: 1 })
    })
  ),

  Rows.promise("a generation that is behind is not promoted, and nothing happens", (store) =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({ a: { text: "old" } })
      const old = yield* store.serving(projection)
      const next = yield* store.begin(projection)
      yield* equal("at 0", yield* store.promote(projection, next.generation), false)
      yield* Rows.write(projection, next.generation, 0, { a: { text: "new" } }, 1)
      yield* Rows.write(projection, old.generation, 1, { a: { text: "newest" } }, 2)
      yield* equal("at 1 of 2", yield* store.promote(projection, next.generation), false)
      yield* equal("shown", yield* Rows.shown(projection), { position: 2, rows: { a: { text: "newest" } } })
      yield* Rows.write(projection, next.generation, 1, { a: { text: "rebuilt" } }, 3)
      yield* equal("at 3 of 2", yield* store.promote(projection, next.generation), true)
      yield* equal("shown", yield* Rows.shown(projection), { position: 3, rows: { a: { text: "rebuilt" } } })
    })
  ),

  Rows.promise("a generation that never was is not promoted", (store) =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({ a: {} })
      yield* refuses("promote", store.promote(projection, -1), { _tag: "CheckpointMoved" })
      yield* equal("shown", yield* Rows.shown(projection), { position: 1, rows: { a: {} } })
    })
  ),

  Rows.promise("whoever still writes to a removed generation is told, and changes nothing", (store) =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({ a: { text: "old" } })
      const old = yield* store.serving(projection)
      const abandoned = yield* store.begin(projection)
      yield* Rows.write(projection, abandoned.generation, 0, { x: {} }, 1)
      const next = yield* store.begin(projection)
      yield* equal("begun again", next.position, 0)
      const moved = { _tag: "CheckpointMoved" }
      const stray = { a: { text: "stray" } }
      yield* refuses("abandoned", Rows.write(projection, abandoned.generation, 1, stray), moved)
      yield* equal("its rows", yield* store.rows(abandoned.generation, ["x"]), new Map())
      yield* Rows.write(projection, next.generation, 0, { a: { text: "new" } }, 1)
      yield* store.promote(projection, next.generation)
      yield* refuses("replaced", Rows.write(projection, old.generation, 1, stray), moved)
      yield* equal("its rows", yield* store.rows(old.generation, ["a"]), new Map())
      yield* equal("shown", yield* Rows.shown(projection), { position: 1, rows: { a: { text: "new" } } })
    })
  ),

  Rows.promise("versions of a projection, and projections, do not see each other", (store, model) =>
    Effect.gen(function* () {
      const first = yield* Rows.filled({ a: { text: "first" } })
      const second = { ...first, version: 2 }
      const other = yield* Rows.fresh
      const empty = { position: 0, rows: {} }
      yield* equal("the second version", yield* Rows.shown(second), empty)
      yield* equal("another projection", yield* Rows.shown(other), empty)
      const { generation } = yield* store.serving(second)
      yield* Rows.write(second, generation, 0, { a: { text: "second" }, b: {} }, 7)
      yield* equal("the first", yield* Rows.shown(first), { position: 1, rows: { a: { text: "first" } } })
      yield* equal("the second", (yield* model.get(second, "a")).row, { text: "second" })
      yield* equal(
        "counts",
        [(yield* model.count(first, {})).count, (yield* model.count(second, {})).count],
        [1, 2]
      )
      const rebuilt = yield* store.begin(first)
      yield* Rows.write(first, rebuilt.generation, 0, {}, 1)
      yield* store.promote(first, rebuilt.generation)
      yield* equal("the first, rebuilt", yield* Rows.shown(first), { position: 1, rows: {} })
      yield* equal("the second stays", (yield* Rows.shown(second)).position, 7)
    })
  )
]
