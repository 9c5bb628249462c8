import { Aggregate, Snapshot } from "everfold"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { Account, Deposit, Deposited } from "../Bank.ts"

const revisions = new Map([["Deposited", 1]])

const codecOf = <A>(
  state: Aggregate.StateSchema & { readonly Type: A },
  options: Partial<Snapshot.Options> = {}
) => Snapshot.make("Account", state, revisions, { version: 1, ...options })

const declare = <S extends Aggregate.StateSchema>(state: S, initial: S["Type"]) =>
  Aggregate.make("Tree", {
    events: [Deposited],
    commands: [Deposit],
    state,
    initial,
    id: ({ accountId }) => accountId,
    snapshot: { version: 1 }
  })

interface Tree {
  readonly name: string
  readonly branches: ReadonlyArray<Tree>
}
const tree = (identifier: string | undefined): Schema.Schema<Tree> => {
  const self: Schema.Schema<Tree> = Schema.Struct({
    name: Schema.String,
    branches: Schema.Array(
      Schema.suspend(() => self).annotations(identifier === undefined ? {} : { identifier })
    )
  })
  return self
}

describe("the option of an aggregate", () => {
  it("is absent unless it is asked for", () => {
    expect(Account.snapshot).toBeUndefined()
  })

  it("is every 100 events and 1 in 100 loads, unless it says otherwise", () => {
    const { snapshot } = declare(Schema.Int, 0)
      .evolve({ Deposited: (n) => n + 1 })
      .decide({ Deposit: () => [] })
    expect(snapshot).toMatchObject({ version: 1, every: 100, sample: 0.001 })
  })

  it.each<[what: string, state: Schema.Schema.AnyNoContext]>([
    ["a bigint", Schema.Struct({ total: Schema.BigIntFromSelf })],
    ["a Date that stays one", Schema.Struct({ at: Schema.DateFromSelf })],
    ["a Map that stays one", Schema.MapFromSelf({ key: Schema.String, value: Schema.Int })],
    ["a symbol", Schema.Array(Schema.SymbolFromSelf)],
    ["an instance", Schema.instanceOf(URL)],
    ["undefined", Schema.Undefined]
  ])("refuses a state of %s, which JSON cannot say", (_, state) => {
    expect(() => declare(state, undefined)).toThrow(TypeError)
    expect(() => declare(state, undefined)).toThrow(
      /a state of "Tree" has no form in JSON, so it cannot be kept/
    )
  })

  it.each<[what: string, state: Schema.Schema.AnyNoContext]>([
    ["a Date as text", Schema.Struct({ at: Schema.Date })],
    ["a Map as pairs", Schema.Map({ key: Schema.String, value: Schema.BigInt })],
    [
      "a tagged union",
      Schema.Union(Schema.TaggedStruct("A", {}), Schema.TaggedStruct("B", { n: Schema.Int }))
    ],
    ["an option", Schema.Option(Schema.String)],
    ["a literal", Schema.Literal("draft", "sent")]
  ])("takes a state of %s", (_, state) => {
    expect(() => declare(state, undefined)).not.toThrow()
  })

  it("takes a state that holds itself, and says what it needs for that", () => {
    expect(() => declare(tree(undefined), { name: "", branches: [] })).toThrow(
      /requires an "identifier" annotation/
    )
    const codec = codecOf(tree("Branch"))
    const state = { name: "root", branches: [{ name: "leaf", branches: [] }] }
    expect(Either.flatMap(codec.encode(state), codec.decode)).toEqual(Either.right(state))
  })

  it.each([0, -1, 0.5, NaN, Infinity])("refuses to keep a state every %d events", (every) => {
    expect(() => codecOf(Schema.Int, { every })).toThrow(TypeError)
  })
})

describe("the key", () => {
  const { key } = codecOf(Schema.Struct({ balance: Schema.Int }))

  it("stays while only bounds, brands and the options change", () => {
    const balance = Schema.Int.pipe(Schema.positive(), Schema.brand("Balance"))
    expect(codecOf(Schema.Struct({ balance }), { every: 7, sample: 1 }).key).toBe(key)
  })

  it("does not depend on the order in which events are declared", () => {
    const one = Snapshot.make(
      "A",
      Schema.Int,
      new Map([
        ["B", 1],
        ["C", 2]
      ]),
      { version: 1 }
    )
    const other = Snapshot.make(
      "A",
      Schema.Int,
      new Map([
        ["C", 2],
        ["B", 1]
      ]),
      { version: 1 }
    )
    expect(one.key).toBe(other.key)
  })

  it.each([
    ["version", codecOf(Schema.Struct({ balance: Schema.Int }), { version: 2 })],
    ["field", codecOf(Schema.Struct({ balance: Schema.Int, limit: Schema.Int }))],
    ["name", codecOf(Schema.Struct({ saldo: Schema.Int }))],
    ["form", codecOf(Schema.Struct({ balance: Schema.NumberFromString }))],
    ["form beneath", codecOf(Schema.Struct({ balance: Schema.BigInt }))]
  ])("is another one with another %s", (_, codec) => {
    expect(codec.key).not.toBe(key)
  })
})

describe("a state as text", () => {
  it("is what its Schema encodes", () => {
    const schema = Schema.Struct({ at: Schema.Date, tags: Schema.Set(Schema.String) })
    const text = codecOf(schema).encode({ at: new Date(0), tags: new Set(["a"]) })
    expect(text).toEqual(Either.right(`{"at":"1970-01-01T00:00:00.000Z","tags":["a"]}`))
  })

  it.each([
    ["an infinite number", Schema.Number, Infinity],
    ["what its own Schema refuses", Schema.Int, 0.5],
    [
      "a key that would be lost",
      Schema.Record({ key: Schema.String, value: Schema.Int }),
      JSON.parse(`{"__proto__":1}`)
    ],
    ["what would not come back", Schema.Unknown, () => 1]
  ])("is refused for %s", (_, schema, state) => {
    expect(Either.isLeft(codecOf<unknown>(schema).encode(state))).toBe(true)
  })

  it("does not decode when it is something else, and never throws", () => {
    const bomb = Schema.transform(Schema.String, Schema.String, {
      decode: () => {
        throw new Error("boom")
      },
      encode: (text) => text
    })
    expect(codecOf(bomb).decode(`"x"`)).toEqual(Either.left("boom"))
    expect(codecOf(bomb).encode("x")).toEqual(Either.left("boom"))
    for (const text of ["", "{", `"1"`, "null", "1.5"])
      expect(Either.isLeft(codecOf(Schema.Int).decode(text))).toBe(true)
  })
})

it("states are the same whatever the order of their fields, but not of their elements", () => {
  const codec = codecOf(Schema.Record({ key: Schema.String, value: Schema.Unknown }))
  expect(Snapshot.same(codec, { a: 1, b: { c: [1, 2], d: null } }, { b: { d: null, c: [1, 2] }, a: 1 })).toBe(
    true
  )
  expect(Snapshot.same(codec, { a: [1, 2] }, { a: [2, 1] })).toBe(false)
  expect(Snapshot.same(codec, { a: 1 }, { a: 1, b: null })).toBe(false)
  expect(Snapshot.same(codec, { a: 1 }, { a: Infinity })).toBe(false)
})

it("a state is due when its stream passes a multiple", () => {
  const codec = codecOf(Schema.Int, { every: 10 })
  const due = [
    [0, 9],
    [0, 10],
    [9, 10],
    [10, 11],
    [10, 19],
    [19, 20],
    [5, 37],
    [20, 10]
  ]
  expect(due.map(([from = 0, to = 0]) => Snapshot.isDue(codec, from, to))).toEqual([
    false,
    true,
    true,
    false,
    false,
    true,
    true,
    false
  ])
})
