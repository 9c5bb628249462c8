import { Event, Projection } from "everfold"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { Account, Balances, deposited, Deposited, withdrawn, Withdrawn } from "../Bank.ts"

const alice = (balance: number, applied: number) => ({ accountId: "alice", balance, applied })

describe("run", () => {
  it("folds events into one row per key", () => {
    const rows = Projection.run(Balances, [deposited("alice", 5), deposited("bob", 7), withdrawn("alice", 2)])
    expect(rows).toEqual(
      new Map([
        ["alice", alice(3, 2)],
        ["bob", { accountId: "bob", balance: 7, applied: 1 }]
      ])
    )
    expect(Projection.run(Balances, [])).toEqual(new Map())
  })

  const Open = Projection.make("open", {
    row: Schema.Struct({ since: Schema.Int, by: Schema.optional(Schema.String), stream: Schema.String }),
    events: Account.events,
    key: (event, { stream }) => `${stream}/${event.accountId}`
  }).on({
    Deposited: (row, _, { metadata, recordedAt, stream }) =>
      row ?? { since: recordedAt, by: metadata.actor, stream },
    Withdrawn: () => undefined
  })

  it("a handler and the key see the envelope", () => {
    const envelope = { stream: "Account-x", recordedAt: 99, metadata: { actor: "mallory" } }
    expect(Projection.run(Open, [deposited("alice", 5), deposited("alice", 6)], envelope)).toEqual(
      new Map([["Account-x/alice", { since: 99, by: "mallory", stream: "Account-x" }]])
    )
  })

  it("no row is no row: it can be removed, and come back", () => {
    const events = [deposited("alice", 5), withdrawn("alice", 5)]
    expect(Projection.run(Open, events)).toEqual(new Map())
    expect(Projection.run(Open, [...events, deposited("alice", 1)]).get("Test-1/alice")).toMatchObject({
      since: 3
    })
  })
})

it("step changes the rows that it is given, and only that of its event's key", () => {
  const rows: Projection.Rows<ReturnType<typeof alice>> = new Map([
    ["alice", alice(1, 1)],
    ["bob", undefined]
  ])
  for (const recorded of Event.record([deposited("alice", 2), deposited("carol", 3)])) {
    Projection.step(Balances, rows, recorded)
  }
  expect(rows).toEqual(
    new Map([
      ["alice", alice(3, 2)],
      ["bob", undefined],
      ["carol", { accountId: "carol", balance: 3, applied: 1 }]
    ])
  )
})

it("an event may change nothing, by name", () => {
  const Deposits = Projection.make("deposits", {
    row: Schema.Struct({ count: Schema.Int }),
    events: Account.events,
    key: (event) => event.accountId
  }).on({ Deposited: (row) => ({ count: (row?.count ?? 0) + 1 }), Withdrawn: Projection.unchanged })
  const events = [withdrawn("alice", 1), deposited("alice", 1), withdrawn("alice", 1)]
  expect(Projection.run(Deposits, events)).toEqual(new Map([["alice", { count: 1 }]]))
  expect(Projection.run(Deposits, [withdrawn("alice", 1)])).toEqual(new Map())
})

it("rows are written and read by the DTO's Schema: what it has no field for is not stored", () => {
  expect(Balances.encodeRow({ ...alice(1, 1), ...{ costPrice: 5 } })).toEqual(Either.right(alice(1, 1)))
  expect(Either.flip(Balances.encodeRow(alice(0.5, 1))).pipe(Either.getOrThrow).message).toBe(
    "the row that it leads to cannot be stored: balance: Expected an integer, actual 0.5"
  )
  expect(Balances.decodeRow(alice(1, 1))).toEqual(Either.right(alice(1, 1)))
  expect(Either.isLeft(Balances.decodeRow({ accountId: "alice" }))).toBe(true)
})

it("version, indexes and search have defaults", () => {
  const make = (more: { readonly version?: number }) =>
    Projection.make("p", {
      row: Schema.Struct({ accountId: Schema.String }),
      events: [Deposited],
      key: (event) => event.accountId,
      ...more
    }).on({ Deposited: () => undefined })
  expect(make({})).toMatchObject({ name: "p", version: 1, indexes: [], search: [] })
  expect(make({ version: 2 }).version).toBe(2)
})

it.each(["", "a b", 'a"', "a'; drop table rows", "a.b"])("%j names no projection and no index", (name) => {
  const row = Schema.Struct({ [name]: Schema.String })
  const declare = (named: string, indexes: ReadonlyArray<string>) => () =>
    Projection.make(named, { row, events: [Withdrawn], key: () => "k", indexes })
  expect(declare(name, [])).toThrow(TypeError)
  expect(declare("p", [name])).toThrow(TypeError)
})

describe("a row that no store could give back", () => {
  const projection = (amount: number, key = "alice") =>
    Projection.make("odd", {
      row: Schema.Struct({ amount: Schema.NullOr(Schema.Number) }),
      events: [Deposited],
      key: () => key
    }).on({ Deposited: () => ({ amount }) })

  it("is refused in a test already", () => {
    expect(() => Projection.run(projection(Number.NaN), [deposited("alice", 1)])).toThrow(
      /NaN.* is no number in JSON/
    )
  })
  it("is refused where its key is half a character", () => {
    expect(() => Projection.run(projection(1, "\ud83d"), [deposited("alice", 1)])).toThrow(/no Unicode text/)
  })
})
