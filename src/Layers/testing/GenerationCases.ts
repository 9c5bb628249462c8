/** What a read database promises of generations: readers see one build, whole, until another one takes its place. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { Case } from "./Contract.ts"
import { equal, range, refuses } from "./Contract.ts"
import * as Rows from "./ContractRows.ts"

const moved = { _tag: "CheckpointMoved" }

/** Beginning, and changing over. */
export const cases: ReadonlyArray<Case<Rows.Stores>> = [
  Rows.promise("readers see the old rows until the new ones have got as far, then the new ones", (store) =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({ a: { text: "old" }, b: { text: "old" } })
      const old = yield* Rows.current(projection)
      yield* Rows.write(projection, old.generation, 1, {}, 3)
      const { generation, ...begun } = yield* store.begin(projection, Rows.log)
      yield* equal("it begins", begun, { position: 0, time: 0, serving: false })
      yield* equal("it is another one", generation === old.generation, false)
      const before = { position: 3, rows: { a: { text: "old" }, b: { text: "old" } } }
      const half = yield* Rows.write(projection, generation, 0, { a: { text: "new" }, c: { text: "new" } }, 2)
      yield* equal("half way", half, { generation, position: 2, time: 20, serving: false })
      yield* equal("seen half way", yield* Rows.shown(projection), before)
      const whole = yield* Rows.write(projection, generation, 2, {}, 3)
      yield* equal("as far", whole, { generation, position: 3, time: 30, serving: true })
      const after = { position: 3, rows: { a: { text: "new" }, c: { text: "new" } } }
      yield* equal("seen now", yield* Rows.shown(projection), after)
      yield* equal("claimed", yield* Rows.claim(projection), { current: whole, next: undefined })
    })
  ),

  Rows.promise("new rows have to catch up with the old ones wherever those have got meanwhile", (store) =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({ a: { text: "old" } })
      const old = yield* Rows.current(projection)
      const { generation } = yield* store.begin(projection, Rows.log)
      yield* Rows.write(projection, old.generation, 1, { a: { text: "newest" } }, 5)
      const behind = yield* Rows.write(projection, generation, 0, { a: { text: "new" } }, 4)
      yield* equal("at 4 of 5", behind.serving, false)
      const served = yield* Rows.write(projection, old.generation, 5, {}, 6)
      yield* equal("the old ones go on", [served.position, served.serving], [6, true])
      yield* equal("seen", yield* Rows.shown(projection), { position: 6, rows: { a: { text: "newest" } } })
      const ahead = yield* Rows.write(projection, generation, 4, { a: { text: "rebuilt" } }, 9)
      yield* equal("at 9 of 6", ahead.serving, true)
      yield* equal("seen", yield* Rows.shown(projection), { position: 9, rows: { a: { text: "rebuilt" } } })
    })
  ),

  Rows.promise("on an empty log new rows take over with a batch that goes nowhere", (store) =>
    Effect.gen(function* () {
      const projection = yield* Rows.fresh
      yield* Rows.claim(projection)
      const { generation, serving } = yield* store.begin(projection, Rows.log)
      yield* equal("begun", serving, false)
      const reached = yield* Rows.write(projection, generation, 0, {}, 0)
      yield* equal("there", reached, { generation, position: 0, time: 0, serving: true })
    })
  ),

  Rows.promise(
    "whoever still writes to rows that nobody sees any more is told, and changes nothing",
    (store) =>
      Effect.gen(function* () {
        const projection = yield* Rows.filled({ a: { text: "old" } })
        const old = yield* Rows.current(projection)
        const { generation } = yield* store.begin(projection, Rows.log)
        yield* Rows.write(projection, generation, 0, { a: { text: "new" } })
        yield* refuses("replaced", Rows.write(projection, old.generation, 1, { a: {}, x: {} }), moved)
        const kept = new Map([["a", { text: "old" }]])
        yield* equal("its rows", yield* store.rows(old.generation, ["a", "x"]), kept)
        yield* equal("seen", yield* Rows.shown(projection), { position: 1, rows: { a: { text: "new" } } })
      })
  ),

  Rows.promise("whoever begins again removes what was unfinished, from whatever log", (store) =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({ a: { text: "old" } })
      const abandoned = yield* store.begin(projection, Rows.log)
      yield* Rows.write(projection, abandoned.generation, 0, { x: {} }, 0)
      const another = yield* store.begin(projection, Rows.log)
      const foreign = yield* Rows.claim(projection, { log: "another", head: 5 })
      const next = yield* store.begin(projection, Rows.log)
      yield* equal("begun again", [next.position, next.serving], [0, false])
      yield* equal("claimed", (yield* Rows.claim(projection)).next, next)
      for (const { generation } of [abandoned, another, foreign.current]) {
        yield* refuses("abandoned", Rows.write(projection, generation, 0, { a: {} }), moved)
        yield* equal("its rows", yield* store.rows(generation, ["a", "x"]), new Map())
      }
    })
  ),

  Rows.promise("begun again before there is anything to see, a build keeps its goal", (store) =>
    Effect.gen(function* () {
      const projection = yield* Rows.fresh
      const first = yield* Rows.claim(projection, { head: 4 })
      yield* Rows.write(projection, first.current.generation, 0, { a: { text: "first" } }, 3)
      const begun = yield* store.begin(projection, Rows.log)
      yield* equal("begun", [begun.position, begun.serving], [0, false])
      yield* equal("claimed", yield* Rows.claim(projection, { head: 8 }), { current: begun, next: undefined })
      yield* refuses("the first", Rows.write(projection, first.current.generation, 3, {}), moved)
      yield* Rows.write(projection, begun.generation, 0, { b: {} }, 3)
      yield* Rows.rebuilding(projection, 3, 4)
      yield* Rows.write(projection, begun.generation, 3, {}, 4)
      yield* equal("seen", yield* Rows.shown(projection), { position: 4, rows: { b: {} } })
    })
  ),

  Rows.promise("begun before anybody has claimed it, a build gets its goal from the first claim", (store) =>
    Effect.gen(function* () {
      const projection = yield* Rows.fresh
      const { generation } = yield* store.begin(projection, Rows.log)
      yield* Rows.rebuilding(projection, 0, 0)
      const reached = yield* Rows.write(projection, generation, 0, { a: {} }, 2)
      yield* equal("without a goal", reached.serving, false)
      const claimed = yield* Rows.claim(projection, { head: 3 })
      yield* equal("claimed", claimed, { current: reached, next: undefined })
      yield* Rows.rebuilding(projection, 2, 3)
      yield* Rows.write(projection, generation, 2, {}, 3)
      yield* equal("seen", yield* Rows.shown(projection), { position: 3, rows: { a: {} } })
    })
  ),

  Rows.promise("a reader sees all old rows or all new ones, never a mixture and never none", (store, model) =>
    Effect.gen(function* () {
      const rows = (text: string, count = 20) =>
        Object.fromEntries(range(1, count).map((n) => [`k${n}`, { text }]))
      const projection = yield* Rows.filled(rows("0"))
      const done = yield* Deferred.make<void>()
      const reader = yield* Effect.fork(
        Effect.gen(function* () {
          while (!(yield* Deferred.isDone(done))) {
            const { rows } = yield* model.list(projection, {})
            const texts = new Set(rows.map(({ row }) => row["text"]))
            yield* equal("rows and texts", [rows.length, texts.size], [20, 1])
            yield* Effect.yieldNow()
          }
        })
      )
      for (const build of range(1, 20)) {
        const { generation } = yield* store.begin(projection, Rows.log)
        yield* Rows.write(projection, generation, 0, rows("half", 10), 0)
        yield* Effect.yieldNow()
        yield* Rows.write(projection, generation, 0, rows(String(build)), 1)
        yield* Effect.yieldNow()
      }
      yield* Deferred.succeed(done, undefined)
      yield* Fiber.join(reader)
    })
  )
]
