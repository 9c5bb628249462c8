/** What a read database promises of pruning: what nobody needs goes, with all of its rows, and nothing else. */
import * as Effect from "effect/Effect"
import type { Case } from "./Contract.ts"
import { equal, range, refuses } from "./Contract.ts"
import * as Rows from "./ContractRows.ts"

const moved = { _tag: "CheckpointMoved" }

/** Pruning. */
export const cases: ReadonlyArray<Case<Rows.Stores>> = [
  Rows.promise(
    "former rows stay until they are pruned; what is seen and what is being built stays",
    (store) =>
      Effect.gen(function* () {
        const projection = yield* Rows.filled({ a: { text: "first" } })
        const former = [yield* Rows.current(projection)]
        for (const text of ["second", "third"]) {
          const { generation } = yield* store.begin(projection, Rows.log)
          former.push(yield* Rows.write(projection, generation, 0, { a: { text } }))
        }
        const current = former.pop()
        const next = yield* store.begin(projection, Rows.log)
        yield* Rows.write(projection, next.generation, 0, { b: {} }, 0)
        for (const { generation } of former) {
          yield* equal("kept", (yield* store.rows(generation, ["a"])).size, 1)
        }
        yield* equal("how many", yield* store.prune(projection), 2)
        for (const { generation } of former) {
          yield* equal("removed", yield* store.rows(generation, ["a"]), new Map())
          yield* refuses("a write", Rows.write(projection, generation, 1, {}), moved)
        }
        yield* equal("again", yield* store.prune(projection), 0)
        yield* equal("claimed", yield* Rows.claim(projection), { current, next })
        yield* equal("seen", yield* Rows.shown(projection), { position: 1, rows: { a: { text: "third" } } })
        yield* equal("built", yield* store.rows(next.generation, ["b"]), new Map([["b", {}]]))
      })
  ),

  Rows.promise("nothing of another projection is pruned, and nothing of one that was never built", (store) =>
    Effect.gen(function* () {
      const other = yield* Rows.filled({ a: { text: "old" } })
      const old = yield* Rows.current(other)
      const { generation } = yield* store.begin(other, Rows.log)
      yield* Rows.write(other, generation, 0, { a: { text: "new" } })
      yield* equal("never built", yield* store.prune(yield* Rows.fresh), 0)
      yield* equal("version 9", yield* store.prune({ ...(yield* Rows.fresh), version: 9 }), 0)
      yield* equal("former", (yield* store.rows(old.generation, ["a"])).size, 1)
      yield* equal("seen", yield* Rows.shown(other), { position: 1, rows: { a: { text: "new" } } })
    })
  ),

  Rows.promise(
    "a lower version is needed until a higher one is served; what it was building is not",
    (store) =>
      Effect.gen(function* () {
        const first = yield* Rows.filled({ a: { text: "first" } })
        const building = yield* store.begin(first, Rows.log)
        const second = { ...first, version: 2 }
        const { current } = yield* Rows.claim(second, { head: 2 })
        yield* equal("while it is built", yield* store.prune(second), 1)
        yield* refuses("building", Rows.write(first, building.generation, 0, {}), moved)
        const firstRows = { position: 1, rows: { a: { text: "first" } } }
        yield* equal("the first", yield* Rows.shown(first), firstRows)
        yield* equal("the second shows the first", yield* Rows.shown(second), firstRows)
        yield* Rows.write(second, current.generation, 0, { a: { text: "second" } }, 2)
        yield* equal("the first is still seen", yield* Rows.shown(first), firstRows)
        yield* equal("once it is served", yield* store.prune(second), 1)
        const secondRows = { position: 2, rows: { a: { text: "second" } } }
        yield* equal("the second", yield* Rows.shown(second), secondRows)
        yield* equal("the first shows the second", yield* Rows.shown(first), secondRows)
      })
  ),

  Rows.promise("for whoever runs a lower version, nothing of it or of a higher one is pruned", (store) =>
    Effect.gen(function* () {
      const first = yield* Rows.filled({ a: { text: "first" } })
      const second = { ...first, version: 2 }
      const third = { ...first, version: 3 }
      const { generation } = yield* Rows.current(second)
      yield* Rows.write(second, generation, 0, { a: { text: "second" } })
      yield* store.begin(first, Rows.log)
      const { current } = yield* Rows.claim(third, { head: 9 })
      yield* equal("how many", yield* store.prune(first), 0)
      yield* equal("the first", (yield* Rows.shown(first)).rows, { a: { text: "first" } })
      yield* equal("the second", (yield* Rows.shown(second)).rows, { a: { text: "second" } })
      yield* equal("the third", (yield* Rows.claim(third)).current, current)
    })
  ),

  Rows.promise("what another log has led to is pruned as well, finished or not", (store) =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({ a: { text: "first" } })
      const unfinished = yield* Rows.claim(projection, { log: "second", head: 9 })
      const { current } = yield* Rows.claim(projection, { log: "third", head: 1 })
      yield* equal("before", yield* store.prune(projection), 0)
      yield* Rows.write(projection, current.generation, 0, { a: { text: "third" } })
      yield* equal("after", yield* store.prune(projection), 2)
      yield* refuses("a write", Rows.write(projection, unfinished.current.generation, 0, {}), moved)
      yield* equal("seen", yield* Rows.shown(projection), { position: 1, rows: { a: { text: "third" } } })
    })
  ),

  Rows.promise("however many rows there are, all of them go, while others write", (store, model) =>
    Effect.gen(function* () {
      const many = range(1, 3_001).map((n) => `k${n}`)
      const projection = yield* Rows.filled(Object.fromEntries(many.map((key) => [key, {}])))
      const old = yield* Rows.current(projection)
      const { generation } = yield* store.begin(projection, Rows.log)
      yield* Rows.write(projection, generation, 0, { a: {}, k1: {} })
      const writer = Effect.forEach(
        range(1, 20),
        (from) => Rows.write(projection, generation, from, { [`w${from}`]: {} }),
        { discard: true }
      )
      const [pruned] = yield* Effect.all([store.prune(projection), writer], { concurrency: 2 })
      yield* equal("how many generations", pruned, 1)
      yield* equal("the former rows", (yield* store.rows(old.generation, many)).size, 0)
      yield* equal("the others", yield* model.count(projection, {}), {
        count: 22,
        asOf: { position: 21, time: 210 }
      })
    })
  )
]
