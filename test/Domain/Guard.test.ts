import * as Arbitrary from "effect/Arbitrary"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import * as Guard from "../../src/Domain/Guard.ts"
import { Deposited } from "../Bank.ts"

const Line = Schema.Struct({ sku: Schema.NonEmptyString, quantity: Schema.Int.pipe(Schema.positive()) })

class Ordered extends Schema.TaggedClass<Ordered>()("Ordered", { a: Schema.Number }) {}

const schemas = {
  "a message": Deposited,
  "nested structs and arrays": Schema.Struct({
    lines: Schema.Array(Line),
    note: Schema.optional(Schema.String),
    paid: Schema.optionalWith(Schema.Boolean, { exact: true }),
    last: Schema.NullOr(Line)
  }),
  "a filter over all fields": Schema.Struct({ low: Schema.Number, high: Schema.Number }).pipe(
    Schema.filter(({ high, low }) => low <= high)
  ),
  "literals and unions": Schema.Struct({
    kind: Schema.Literal("a", "b", 3, 0, null),
    either: Schema.Union(Schema.String, Schema.Number, Schema.Array(Schema.String))
  }),
  "structs that take what is meant for each other": Schema.Union(
    Schema.Struct({ a: Schema.Number }),
    Schema.Struct({ a: Schema.Number, b: Schema.optional(Schema.Number) })
  ),
  "a filter over such a union": Schema.Struct({
    a: Schema.Union(
      Schema.Union(Schema.Struct({ a: Schema.Number }), Schema.String).pipe(Schema.filter(() => true)),
      Schema.Struct({ a: Schema.Number, b: Schema.Number })
    )
  }),
  "an earlier member that changes what a later one takes": Schema.Struct({
    a: Schema.Union(Schema.NumberFromString, Schema.String)
  }),
  "a transformation within": Schema.Struct({ a: Schema.Trim, b: Schema.Number }),
  "a default": Schema.Struct({ a: Schema.optionalWith(Schema.Number, { default: () => 1 }) }),
  "another name": Schema.Struct({ a: Schema.Number.pipe(Schema.propertySignature, Schema.fromKey("b")) }),
  "a class": Ordered,
  "a record": Schema.Struct({ a: Schema.Record({ key: Schema.String, value: Schema.Number }) }),
  "fields and a record": Schema.Struct({ a: Schema.Number }, { key: Schema.String, value: Schema.Int }),
  "a pair": Schema.Struct({ a: Schema.Tuple(Schema.Number, Schema.optionalElement(Schema.String)) }),
  "a head and a tail": Schema.Struct({ a: Schema.Tuple([Schema.Number], Schema.String) }),
  "fields that may have any value": Schema.Struct({ a: Schema.Unknown, b: Schema.Struct({}) }),
  "numbers as names": Schema.Struct({ b: Schema.Number, 1: Schema.Number }),
  "fields in the order of the input": Schema.Struct({ a: Schema.Number, b: Schema.Number }).annotations({
    parseOptions: { onExcessProperty: "preserve", propertyOrder: "original" }
  }),
  "what contains itself": Schema.Struct({ a: Schema.suspend((): Schema.Schema<unknown> => Schema.Unknown) })
} satisfies Record<string, Schema.Schema.AnyNoContext>

/**
 * Other values that look like a value: with a field more or less, in another order, or with something else in it,
 * such as what no text of JSON says.
 */
const variants = (value: unknown): ReadonlyArray<unknown> => {
  if (Array.isArray(value)) {
    const withHole = Object.assign([...value], { length: value.length + 1 })
    return [value, [...value, 1], withHole, value.flatMap(variants), value.map(String), { ...value }]
  }
  if (typeof value !== "object" || value === null)
    return [value, String(value), null, [value], undefined, NaN, Infinity, -0, 1n]
  const fields = Object.entries(value)
  return [
    value,
    Object.fromEntries(fields.toReversed()),
    { ...value, b: 1 },
    { ...value, "x-1": "1" },
    ...fields.flatMap(([name, field]) => [
      Object.fromEntries(fields.filter(([other]) => other !== name)),
      ...variants(field).map((one) => ({ ...value, [name]: one }))
    ])
  ]
}

describe("what is accepted is what its Schema leaves as it is", () => {
  it.each(Object.entries(schemas))("%s", (_, schema: Schema.Schema.AnyNoContext) => {
    const accepts = Guard.make(schema)
    FastCheck.assert(
      FastCheck.property(Arbitrary.make(Schema.encodedBoundSchema(schema)), (encoded) => {
        const json: unknown = JSON.parse(JSON.stringify(encoded))
        for (const value of variants(json)) {
          if (!accepts(value)) continue
          const results = [
            Schema.decodeUnknownEither(schema)(value),
            Schema.encodeUnknownEither(schema)(value)
          ]
          expect(results).toStrictEqual([Either.right(value), Either.right(value)])
          expect(results.map((result) => JSON.stringify(Either.getOrThrow(result)))).toEqual([
            JSON.stringify(value),
            JSON.stringify(value)
          ])
          const again: unknown = JSON.parse(JSON.stringify(value))
          expect(again).toStrictEqual(value)
          expect(accepts(again)).toBe(true)
        }
      })
    )
  })
})

describe("values as they usually are need no Schema", () => {
  const line = { sku: "a", quantity: 1 }
  it.each([
    ["a message", { _tag: "Deposited", accountId: "alice", amount: 5 }],
    ["nested structs and arrays", { lines: [line, line], last: line }],
    ["nested structs and arrays", { lines: [], note: "", paid: true, last: null }],
    ["a filter over all fields", { low: 1, high: 2 }],
    ["literals and unions", { kind: null, either: ["a"] }]
  ] as const)("%s", (name, value) => {
    const schema: Schema.Schema.AnyNoContext = schemas[name]
    expect(Guard.make(schema)(value)).toBe(true)
  })
})

describe("it says nothing of", () => {
  const accepts = Guard.make(Deposited)
  const event = { _tag: "Deposited", accountId: "alice", amount: 5 }
  class Lines extends Array<string> {
    toJSON() {
      return "lines"
    }
  }
  class Event {
    readonly _tag = "Deposited"
    readonly accountId = "alice"
    readonly amount = 5
  }
  it.each([
    ["a field more", { ...event, more: 1 }],
    ["a field less", { _tag: "Deposited", accountId: "alice" }],
    ["another order", { accountId: "alice", amount: 5, _tag: "Deposited" }],
    ["what a filter refuses", { ...event, amount: -5 }],
    ["an array", ["Deposited", "alice", 5]],
    ["nothing", null],
    ["an instance of a class", new Event()],
    ["what is inherited", Object.create(event)],
    ["what says itself how it is written", Object.defineProperty({ ...event }, "toJSON", { value: () => 1 })]
  ])("%s", (_, value) => expect(accepts(value)).toBe(false))

  it("what no text says, although its Schema knows it", () => {
    const known = Schema.Struct({
      a: Schema.Literal("a", 1n, Infinity),
      b: Schema.UndefinedOr(Schema.Number)
    })
    const values = [1n, Infinity].map((a) => ({ a, b: 1 }))
    const others = [undefined, NaN, -0].map((b) => ({ a: "a", b }))
    expect([...values, ...others, { a: "a", b: 1 }].map(Guard.make(known))).toEqual([
      ...Array.from({ length: 5 }, () => false),
      true
    ])
  })

  it("an array of a class, or with a hole", () => {
    const acceptsAll = Guard.make(Schema.Array(Schema.UndefinedOr(Schema.String)))
    expect([["a"], Lines.of("a"), Object.assign(["a"], { length: 2 })].map(acceptsAll)).toEqual([
      true,
      false,
      false
    ])
  })
})
