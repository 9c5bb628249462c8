import { describe, expect, it } from "@effect/vitest"
import { ReadDb, SqliteStack, TableStore } from "everfold/sqlite"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { batch, claim, freshFile, projection } from "./readDatabases.ts"

/** The tables of a projection, and how often they were made. */
const tables = (file: string) =>
  Effect.gen(function* () {
    const context = yield* Layer.build(SqliteStack.readDatabase(file))
    const store = Context.get(context, TableStore.TableStore)
    const sql = Context.get(context, ReadDb.ReadDb)
    let made = 0
    const setup = Effect.gen(function* () {
      yield* sql`drop table if exists numbers`
      yield* sql`create table numbers (number integer not null) strict`
      made += 1
    })
    const add = (number: number) => sql`insert into numbers values (${number})`
    const numbers = Effect.map(sql<{ number: number }>`select number from numbers`, (found) =>
      found.map(({ number }) => number)
    )
    return { store, setup, add, numbers, made: () => made }
  })

const moved = { _tag: "CheckpointMoved" }

describe("the tables of a projection", () => {
  it.scopedLive("are made with its first claim, serve from the start, and are found again", () =>
    Effect.gen(function* () {
      const file = yield* freshFile
      const first = yield* Effect.scoped(
        Effect.gen(function* () {
          const { add, made, numbers, setup, store } = yield* tables(file)
          const begun = yield* store.claim(claim({ head: 9 }), setup)
          expect(begun).toMatchObject({ position: 0, time: 0, serving: true })
          const reached = yield* store.write(batch({ generation: begun.generation }), add(7))
          expect(reached).toEqual({ ...begun, position: 1, time: 10 })
          expect([made(), yield* numbers]).toEqual([1, [7]])
          return reached
        })
      )
      const { made, numbers, setup, store } = yield* tables(file)
      expect(yield* store.claim(claim({ head: 20, epoch: 2 }), setup)).toEqual(first)
      expect([made(), yield* numbers]).toEqual([0, [7]])
    })
  )

  it.scopedLive("are not made when setup fails, and there is no generation then", () =>
    Effect.gen(function* () {
      const { made, setup, store } = yield* tables(yield* freshFile)
      const failing = Effect.zipRight(setup, Effect.fail("no"))
      expect(yield* Effect.flip(store.claim(claim(), failing))).toBe("no")
      yield* store.claim(claim(), setup)
      expect(made()).toBe(2)
    })
  )

  it.scopedLive("are made anew for another log, and whoever folds the old one is told", () =>
    Effect.gen(function* () {
      const { add, made, numbers, setup, store } = yield* tables(yield* freshFile)
      const first = yield* store.claim(claim({ epoch: 5 }), setup)
      yield* store.write(batch({ generation: first.generation, epoch: 5 }), add(7))
      const restored = yield* store.claim(claim({ log: "restored", head: 9 }), setup)
      expect(restored).toMatchObject({ position: 0, serving: true })
      expect([made(), yield* numbers]).toEqual([2, []])
      const late = store.write(batch({ generation: first.generation, epoch: 5, from: 1, to: 2 }), add(8))
      expect(yield* Effect.flip(late)).toMatchObject(moved)
      expect(yield* numbers).toEqual([])
    })
  )

  it.scopedLive("are one set for all versions: a former owner of another version changes nothing", () =>
    Effect.gen(function* () {
      const { add, made, numbers, setup, store } = yield* tables(yield* freshFile)
      const second = { ...projection, version: 2 }
      const first = yield* store.claim(claim({ epoch: 1 }), setup)
      const { generation } = yield* store.claim(claim({ projection: second, epoch: 2 }), setup)
      yield* store.write(batch({ projection: second, generation, epoch: 2 }), add(2))
      expect(yield* Effect.flip(store.claim(claim({ epoch: 1 }), setup))).toMatchObject(moved)
      const late = store.write(batch({ generation: first.generation }), add(1))
      expect(yield* Effect.flip(late)).toMatchObject(moved)
      expect([made(), yield* numbers]).toEqual([2, [2]])
      // A program of the first version that takes over makes them anew.
      const again = yield* store.claim(claim({ epoch: 3 }), setup)
      expect([again.position, made(), yield* numbers]).toEqual([0, 3, []])
    })
  )

  it.scopedLive("are written under the epoch that has claimed them, or a later one", () =>
    Effect.gen(function* () {
      const { add, numbers, setup, store } = yield* tables(yield* freshFile)
      const { generation } = yield* store.claim(claim({ epoch: 3 }), setup)
      expect(yield* Effect.flip(store.claim(claim({ epoch: 2 }), setup))).toMatchObject(moved)
      const late = store.write(batch({ generation, epoch: 2 }), add(2))
      expect(yield* Effect.flip(late)).toMatchObject(moved)
      yield* store.write(batch({ generation, epoch: 3 }), add(3))
      const stray = store.write(batch({ generation, epoch: 3 }), add(4))
      expect(yield* Effect.flip(stray)).toMatchObject(moved)
      expect(yield* numbers).toEqual([3])
    })
  )
})
