import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as SqliteProjectionStore from "../../../src/Layers/sqlite/SqliteProjectionStore.ts"
import * as SqliteReadModel from "../../../src/Layers/sqlite/SqliteReadModel.ts"
import { batch, claim, freshFile, open, projection, rebuilt, rows } from "./readDatabases.ts"

const one = { key: "k", row: { text: "one" } }

describe("former rows", () => {
  it.scopedLive("are removed in transactions of 1,000 rows at most, between which others write", () =>
    Effect.gen(function* () {
      const database = yield* open(yield* freshFile)
      const { former, serving } = yield* rebuilt(database, 2_501)
      const left: Array<unknown> = []
      const observed = SqliteProjectionStore.make({
        ...database,
        transact: (work) =>
          Effect.tap(database.transact(work), () =>
            Effect.map(database.read("select count(*) from rows where generation = ?", [former]), ([row]) =>
              left.push(row?.[0])
            )
          )
      })
      const pruning = observed.prune(projection)
      const store = SqliteProjectionStore.make(database)
      const seen: Array<number> = []
      const writing = Effect.forEach([1, 2, 3, 4, 5, 6], (from) =>
        Effect.tap(store.write(batch({ generation: serving, from, to: from + 1 })), () =>
          Effect.sync(() => seen.push(left.length))
        )
      )
      const [pruned] = yield* Effect.all([pruning, writing], { concurrency: 2 })
      expect(pruned).toBe(1)
      expect(left).toEqual([2_501, 1_501, 501, 0])
      // Somebody wrote after the first piece and before the last one.
      expect(seen.some((pieces) => pieces > 0 && pieces < 4)).toBe(true)
      const counts = yield* database.read(
        "select (select count(*) from rows), (select count(*) from generations)",
        []
      )
      expect(counts).toEqual([[2_501, 1]])
    })
  )

  it.scopedLive("that were left behind half removed are no longer shown, and go with the next pruning", () =>
    Effect.gen(function* () {
      const database = yield* open(yield* freshFile)
      const { store } = yield* rebuilt(database, 2_000)
      let transactions = 0
      const broken = SqliteProjectionStore.make({
        ...database,
        transact: (work) => (++transactions > 2 ? Effect.interrupt : database.transact(work))
      })
      yield* Effect.exit(broken.prune(projection))
      const count = Effect.map(database.read("select count(*) from rows", []), ([row]) => row?.[0])
      expect(yield* count).toBe(3_000)
      expect(yield* store.prune(projection)).toBe(1)
      expect(yield* count).toBe(2_000)
    })
  )
})

describe("a build", () => {
  it.scopedLive("outlives the program, with its goal and its fence", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const first = yield* Effect.scoped(
        Effect.gen(function* () {
          const store = SqliteProjectionStore.make(yield* open(file))
          const { current } = yield* store.claim(claim({ head: 4, epoch: 2 }))
          return yield* store.write(
            batch({ generation: current.generation, epoch: 2, to: 3, changes: [one] })
          )
        })
      )
      const database = yield* open(file)
      const store = SqliteProjectionStore.make(database)
      expect(yield* Effect.flip(store.claim(claim({ epoch: 1 })))).toMatchObject({ _tag: "CheckpointMoved" })
      const { current, next } = yield* store.claim(claim({ head: 100, epoch: 3 }))
      expect([current, next]).toEqual([first, undefined])
      const reached = yield* store.write(
        batch({ generation: current.generation, epoch: 3, from: 3, to: 4, time: 40 })
      )
      expect(reached).toEqual({ ...current, position: 4, time: 40, serving: true })
      const model = SqliteReadModel.make(database)
      expect(yield* model.get(projection, "k")).toEqual({ row: one.row, asOf: { position: 4, time: 40 } })
    })
  )

  it.scopedLive("is begun once, though two programs claim it at the same time", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const databases = [yield* open(file), yield* open(file)]
      const stores = databases.map((database) => SqliteProjectionStore.make(database))
      for (const head of [0, 5]) {
        for (let n = 0; n < 10; n++) {
          const name = { ...projection, name: `things-${head}-${n}` }
          const claims = stores.flatMap((store) =>
            [1, 1].map(() => store.claim(claim({ projection: name, head })))
          )
          const [first, ...others] = yield* Effect.all(claims, { concurrency: "unbounded" })
          for (const other of others) expect(other).toEqual(first)
        }
      }
    })
  )

  it.scopedLive("of two programs is written by the one that has claimed it last", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const former = SqliteProjectionStore.make(yield* open(file))
      const owner = SqliteProjectionStore.make(yield* open(file))
      const { current } = yield* former.claim(claim({ epoch: 1 }))
      const { generation } = current
      yield* former.write(batch({ generation }))
      yield* owner.claim(claim({ epoch: 2 }))
      const late = yield* Effect.either(former.write(batch({ generation, from: 1, to: 2, changes: rows(3) })))
      expect(Either.isLeft(late) && late.left._tag).toBe("CheckpointMoved")
      expect(yield* owner.rows(generation, ["k0"])).toEqual(new Map())
      const reached = yield* owner.write(batch({ generation, epoch: 2, from: 1, to: 2 }))
      expect(reached.position).toBe(2)
    })
  )

  it.scopedLive("takes the place of the old one together with its last rows, or not at all", () =>
    Effect.gen(function* () {
      const database = yield* open(yield* freshFile)
      const { former, serving, store } = yield* rebuilt(database, 10)
      const { generation } = yield* store.begin(projection, "the log")
      const states = database.read("select generation, state from generations order by generation", [])
      const before = yield* states
      // The statement that comes after the change is one that fails.
      const failing = SqliteProjectionStore.make({
        ...database,
        transact: (work) =>
          database.transact((session, now) => {
            const done = work(session, now)
            session.values("insert into nowhere values (1)", [])
            return done
          })
      })
      const error = yield* Effect.flip(failing.write(batch({ generation, changes: [one] })))
      expect(error).toMatchObject({ _tag: "StoreError" })
      expect(yield* states).toEqual(before)
      expect(yield* store.rows(generation, ["k"])).toEqual(new Map())
      yield* store.write(batch({ generation, changes: [one] }))
      expect(yield* states).toEqual([
        [former, "former"],
        [serving, "former"],
        [generation, "serving"]
      ])
    })
  )
})
