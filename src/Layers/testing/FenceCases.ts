/** What a read database promises of epochs: a former owner changes nothing any more. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { Case } from "./Contract.ts"
import { equal, range, refuses } from "./Contract.ts"
import * as Rows from "./ContractRows.ts"

const moved = { _tag: "CheckpointMoved" }

/** Fencing. */
export const cases: ReadonlyArray<Case<Rows.Stores>> = [
  Rows.promise("a claim of an earlier epoch is CheckpointMoved, and one of the same epoch is not", () =>
    Effect.gen(function* () {
      const projection = yield* Rows.fresh
      const first = yield* Rows.claim(projection, { epoch: 3 })
      const { name: subscriber } = projection
      const error = (epoch: number) => ({ ...moved, subscriber, epoch })
      yield* refuses("the second epoch", Rows.claim(projection, { epoch: 2 }), error(3))
      yield* equal("the third again", yield* Rows.claim(projection, { epoch: 3 }), first)
      yield* equal("the fourth", yield* Rows.claim(projection, { epoch: 4 }), first)
      yield* refuses("the third, too late", Rows.claim(projection, { epoch: 3 }), error(4))
    })
  ),

  Rows.promise("a former owner changes nothing, neither what is seen nor what is being built", (store) =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({ a: { text: "old" } })
      const current = yield* Rows.current(projection)
      const next = yield* store.begin(projection, Rows.log)
      const builds = yield* Rows.claim(projection, { epoch: 2 })
      const stray = { a: { text: "stray" }, x: {} }
      yield* refuses("current", Rows.write(projection, current.generation, 1, stray), { ...moved, epoch: 2 })
      yield* refuses("next", Rows.write(projection, next.generation, 0, stray), moved)
      yield* equal("as they were", yield* Rows.claim(projection, { epoch: 2 }), builds)
      yield* equal("seen", yield* Rows.shown(projection), { position: 1, rows: { a: { text: "old" } } })
      yield* equal("built", yield* store.rows(next.generation, ["a", "x"]), new Map())
      yield* Rows.write(projection, current.generation, 1, { b: {} }, 2, 2)
      yield* Rows.write(projection, next.generation, 0, { c: {} }, 2, 2)
      yield* equal("the new owner's", yield* Rows.shown(projection), { position: 2, rows: { c: {} } })
    })
  ),

  Rows.promise("what is begun is fenced as what is seen", (store) =>
    Effect.gen(function* () {
      const projection = yield* Rows.fresh
      yield* Rows.claim(projection, { epoch: 5 })
      const { generation } = yield* store.begin(projection, Rows.log)
      yield* refuses("the fourth epoch", Rows.write(projection, generation, 0, {}, 1, 4), moved)
      const reached = yield* Rows.write(projection, generation, 0, {}, 1, 5)
      yield* equal("the fifth", reached.position, 1)
    })
  ),

  Rows.promise("the fence of an unfinished first build outlives it", (store) =>
    Effect.gen(function* () {
      const projection = yield* Rows.fresh
      yield* Rows.claim(projection, { epoch: 5, head: 9 })
      const { generation } = yield* store.begin(projection, Rows.log)
      yield* refuses("a write", Rows.write(projection, generation, 0, {}, 1, 4), moved)
      yield* refuses("a claim", Rows.claim(projection, { epoch: 4 }), moved)
    })
  ),

  Rows.promise("what is given up keeps nobody out, and is seen until other rows are complete", (store) =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({ a: { text: "former" } })
      yield* store.begin(projection, Rows.log)
      yield* Rows.claim(projection, { epoch: 7 })
      yield* refuses("the second epoch", Rows.claim(projection, { epoch: 2 }), moved)
      const begun = yield* store.begin(projection, Rows.log, -1)
      const claimed = yield* Rows.claim(projection, { epoch: 2, head: 3 })
      yield* equal("claimed", claimed, { current: begun, next: undefined })
      const former = { position: 1, rows: { a: { text: "former" } } }
      yield* equal("seen at first", yield* Rows.shown(projection), former)
      yield* Rows.write(projection, begun.generation, 0, { b: {} }, 3, 2)
      yield* equal("seen in the end", yield* Rows.shown(projection), { position: 3, rows: { b: {} } })
    })
  ),

  Rows.promise("a write of a later epoch is taken, but only a claim keeps others out", () =>
    Effect.gen(function* () {
      const projection = yield* Rows.fresh
      const { generation } = yield* Rows.current(projection)
      yield* Rows.write(projection, generation, 0, {}, 1, 7)
      const reached = yield* Rows.write(projection, generation, 1, {}, 2, 1)
      yield* equal("the first epoch", reached.position, 2)
      yield* equal("may claim", (yield* Rows.claim(projection, { epoch: 1 })).current, reached)
    })
  ),

  Rows.promise("versions, logs and projections have epochs of their own", () =>
    Effect.gen(function* () {
      const projection = yield* Rows.fresh
      const { generation } = yield* Rows.current(projection)
      const later = { epoch: 9, head: 9 }
      yield* Rows.claim({ ...projection, version: 2 }, later)
      yield* Rows.claim(projection, { ...later, log: "another" })
      yield* Rows.claim(yield* Rows.fresh, later)
      const reached = yield* Rows.write(projection, generation, 0, { a: {} })
      yield* equal("written", reached.position, 1)
      yield* equal("claimed", (yield* Rows.claim(projection)).current, reached)
    })
  ),

  Rows.promise("of owners who claim at the same time, the one of the latest epoch writes", () =>
    Effect.gen(function* () {
      const projection = yield* Rows.fresh
      const { generation } = yield* Rows.current(projection)
      // 2 to 13, in disorder.
      const epochs = range(1, 12).map((n) => ((n * 5) % 13) + 1)
      const claims = epochs.map((epoch) =>
        Effect.zipRight(Effect.yieldNow(), Effect.either(Rows.claim(projection, { epoch })))
      )
      yield* Effect.all(claims, { concurrency: "unbounded" })
      const outcomes = yield* Effect.forEach(epochs, (epoch) =>
        Effect.either(Rows.write(projection, generation, 0, { [epoch]: {} }, 1, epoch))
      )
      yield* equal("how many write", outcomes.filter(Either.isRight).length, 1)
      yield* equal("who writes", yield* Rows.keys(projection, {}), ["13"])
    })
  )
]
