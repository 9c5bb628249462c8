import { expect, it } from "@effect/vitest"
import { MemoryReadModel, ProjectionStore } from "everfold"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Folding from "../../src/Layers/Folding.ts"
import { Balances, deposited } from "../Bank.ts"

type Deposit = readonly [accountId: string, amount: number]

/** A page of deposits that comes after so many others. */
const pageOf = (after: number, deposits: ReadonlyArray<Deposit>) => ({
  after,
  to: after + deposits.length,
  time: 1,
  events: deposits.map(([accountId, amount], n) => ({
    ...Either.getOrThrow(Balances.codec.encode(deposited(accountId, amount))),
    id: `command-${after + n}#0`,
    stream: `Account-${accountId}`,
    version: 1,
    position: after + n + 1,
    recordedAt: 1,
    metadata: "{}"
  }))
})

/** Folds into a new generation, and tells which rows were read. */
const opened = (projection = Balances) =>
  Effect.gen(function* () {
    const store = yield* ProjectionStore.ProjectionStore
    const read: Array<ReadonlyArray<string>> = []
    const watched = ProjectionStore.ProjectionStore.of({
      ...store,
      rows: (generation, keys) => {
        read.push(keys)
        return store.rows(generation, keys)
      }
    })
    const { current } = yield* store.claim({ projection, log: "the log", epoch: 1, head: 0 })
    const { generation } = current
    const folding = Folding.open(watched, projection, { epoch: 1, generation })
    return { folding, read, rows: (keys: ReadonlyArray<string>) => store.rows(generation, keys) }
  })

it.effect("what was written before is not read again, not even that there was nothing", () =>
  Effect.gen(function* () {
    const { folding, read, rows } = yield* opened()
    yield* folding.project(pageOf(0, [["alice", 1]]))
    yield* folding.project(pageOf(1, [["alice", 2], ["bob", 3]])) // prettier-ignore
    yield* folding.project({ after: 3, to: 5, time: 1, events: [] })
    yield* folding.project(pageOf(5, [["bob", 4]]))
    expect(read).toEqual([["alice"], ["bob"]])
    expect(yield* rows(["alice", "bob"])).toEqual(
      new Map([
        ["alice", { accountId: "alice", balance: 3, applied: 2 }],
        ["bob", { accountId: "bob", balance: 7, applied: 2 }]
      ])
    )
  }).pipe(Effect.provide(MemoryReadModel.layer))
)

it.effect("rows that come from elsewhere are read", () =>
  Effect.gen(function* () {
    const { folding, read, rows } = yield* opened()
    yield* folding.project(pageOf(0, [["alice", 1]]))
    const row = { accountId: "alice", balance: 100, applied: 0 }
    yield* folding.write({ from: 1, to: 1, time: 1, changes: [{ key: "alice", row }] })
    yield* folding.project(pageOf(1, [["alice", 2]]))
    expect(read).toEqual([["alice"], ["alice"]])
    expect((yield* rows(["alice"])).get("alice")).toMatchObject({ balance: 102, applied: 1 })
  }).pipe(Effect.provide(MemoryReadModel.layer))
)

it.effect("a row that is stored in another form than it was given is read as it is stored", () =>
  Effect.gen(function* () {
    const given: Array<unknown> = []
    const { folding } = yield* opened({
      ...Balances,
      apply: (row, recorded) => {
        given.push(row)
        const after = Balances.apply(row, recorded)
        return after && { ...after, note: "the DTO has no field for it" }
      }
    })
    yield* folding.project(pageOf(0, [["alice", 1]]))
    yield* folding.project(pageOf(1, [["alice", 2]]))
    expect(given).toEqual([undefined, { accountId: "alice", balance: 1, applied: 1 }])
  }).pipe(Effect.provide(MemoryReadModel.layer))
)

it.effect("no more than 1,000 rows are kept in memory", () =>
  Effect.gen(function* () {
    const { folding, read } = yield* opened()
    const many = Array.from({ length: 1000 }, (_, n): Deposit => [`account-${n}`, 1])
    yield* folding.project(pageOf(0, many))
    yield* folding.project(pageOf(1000, [["account-1", 1]]))
    expect(read).toHaveLength(1)
    yield* folding.project(pageOf(1001, [["one more", 1]]))
    yield* folding.project(pageOf(1002, [["account-1", 1]]))
    expect(read.slice(1)).toEqual([["one more"], ["account-1"]])
  }).pipe(Effect.provide(MemoryReadModel.layer))
)
