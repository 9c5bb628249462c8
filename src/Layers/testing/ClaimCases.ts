/** What a read database promises of claims: the first build, one that broke off, and one from another log. */
import * as Effect from "effect/Effect"
import type { Case } from "./Contract.ts"
import { equal, refuses } from "./Contract.ts"
import * as Rows from "./ContractRows.ts"

/** Claiming. */
export const cases: ReadonlyArray<Case<Rows.Stores>> = [
  Rows.promise("on an empty log the first generation is seen at once, without rows", (store, model) =>
    Effect.gen(function* () {
      const projection = yield* Rows.fresh
      yield* Rows.rebuilding(projection, 0, 0)
      const first = yield* Rows.claim(projection)
      const { generation } = first.current
      const current = { generation, position: 0, time: 0, serving: true }
      yield* equal("claimed", first, { current, next: undefined })
      yield* equal("claimed again", yield* Rows.claim(projection), first)
      yield* equal("with a longer log", yield* Rows.claim(projection, { head: 9 }), first)
      const asOf = { position: 0, time: 0 }
      yield* equal("get", yield* model.get(projection, "a"), { row: undefined, asOf })
      yield* equal("list", yield* model.list(projection, {}), { rows: [], asOf })
      yield* equal("count", yield* model.count(projection, {}), { count: 0, asOf })
      yield* equal("rows", yield* store.rows(generation, ["a"]), new Map())
    })
  ),

  Rows.promise("the first rows are seen when they have got as far as the log was, and not before", () =>
    Effect.gen(function* () {
      const projection = yield* Rows.fresh
      const { current, next } = yield* Rows.claim(projection, { head: 5 })
      const { generation } = current
      yield* equal("begun", [current.position, current.serving, next], [0, false, undefined])
      yield* Rows.rebuilding(projection, 0, 5)
      const half = yield* Rows.write(projection, generation, 0, { a: { text: "half" } }, 4)
      yield* equal("on the way", half, { generation, position: 4, time: 40, serving: false })
      yield* Rows.rebuilding(projection, 4, 5)
      const whole = yield* Rows.write(projection, generation, 4, { b: {} }, 5)
      yield* equal("there", whole, { generation, position: 5, time: 50, serving: true })
      const rows = { a: { text: "half" }, b: {} }
      yield* equal("seen", yield* Rows.shown(projection), { position: 5, rows })
    })
  ),

  Rows.promise("a build that has broken off is gone on with, and its goal stays", (store) =>
    Effect.gen(function* () {
      const projection = yield* Rows.fresh
      const first = yield* Rows.claim(projection, { head: 3 })
      const { generation } = first.current
      yield* Rows.write(projection, generation, 0, { a: { text: "kept" } }, 2)
      const again = yield* Rows.claim(projection, { head: 9, epoch: 2 })
      const current = { generation, position: 2, time: 20, serving: false }
      yield* equal("the first one", again, { current, next: undefined })
      yield* equal("its rows", yield* store.rows(generation, ["a"]), new Map([["a", { text: "kept" }]]))
      yield* Rows.rebuilding(projection, 2, 3)
      const reached = yield* Rows.write(projection, generation, 2, {}, 7, 2)
      yield* equal("beyond its goal", reached.serving, true)
    })
  ),

  Rows.promise("a build beside the one that is served is gone on with as well", (store) =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({ a: { text: "old" } })
      const { generation } = yield* store.begin(projection, Rows.log)
      const old = yield* Rows.current(projection)
      yield* Rows.write(projection, old.generation, 1, {}, 9)
      yield* Rows.write(projection, generation, 0, { a: { text: "new" } }, 4)
      const { current, next } = yield* Rows.claim(projection, { head: 20, epoch: 2 })
      yield* equal("current", current, { ...old, position: 9, time: 90 })
      yield* equal("next", next, { generation, position: 4, time: 40, serving: false })
      yield* equal("seen", yield* Rows.shown(projection), { position: 9, rows: { a: { text: "old" } } })
    })
  ),

  Rows.promise("what another log has led to is seen until the rows of this one have reached their goal", () =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({ a: { text: "foreign" } })
      const foreign = yield* Rows.current(projection)
      yield* Rows.write(projection, foreign.generation, 1, {}, 8)
      const { current, next } = yield* Rows.claim(projection, { log: "restored", head: 2 })
      const { generation } = current
      yield* equal("another one", generation === foreign.generation, false)
      yield* equal("begun", [current.position, current.serving, next], [0, false, undefined])
      const before = { position: 8, rows: { a: { text: "foreign" } } }
      yield* equal("seen at first", yield* Rows.shown(projection), before)
      yield* Rows.write(projection, generation, 0, { a: { text: "own" } })
      yield* equal("seen on the way", yield* Rows.shown(projection), before)
      const reached = yield* Rows.write(projection, generation, 1, {})
      yield* equal("serving", reached.serving, true)
      const after = { position: 2, rows: { a: { text: "own" } } }
      yield* equal("seen in the end", yield* Rows.shown(projection), after)
      const late = Rows.write(projection, foreign.generation, 8, { a: { text: "late" } })
      yield* refuses("the foreign one", late, { _tag: "CheckpointMoved" })
      yield* equal("unchanged", yield* Rows.shown(projection), after)
    })
  ),

  Rows.promise("an empty log has no rows, whatever another log has led to", () =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({ a: { text: "foreign" } })
      const { current } = yield* Rows.claim(projection, { log: "empty", head: 0 })
      yield* equal("serving", current.serving, true)
      yield* equal("seen", yield* Rows.shown(projection), { position: 0, rows: {} })
    })
  ),

  Rows.promise("a log that comes back after another one has been served is folded again", () =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({ a: { text: "first" } })
      const first = yield* Rows.current(projection)
      yield* Rows.claim(projection, { log: "empty", head: 0 })
      const { current } = yield* Rows.claim(projection, { head: 1 })
      yield* equal("another one", current.generation === first.generation, false)
      yield* equal("begun", [current.position, current.serving], [0, false])
    })
  )
]
