import { Message } from "everfold"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { deposit, Deposit, Deposited } from "../Bank.ts"

describe("Message.Struct", () => {
  it("makes plain tagged objects", () => {
    const made = Deposit.make({ accountId: "alice", amount: 1 })
    expect(made).toEqual({ _tag: "Deposit", accountId: "alice", amount: 1 })
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype)
    class Empty extends Message.Struct<Empty>()("Empty", {}) {}
    expect(Empty.make()).toEqual({ _tag: "Empty" })
  })

  it("make drops the tag of another message, so that a decision can spread its command", () => {
    expect(Deposited.make({ ...deposit("alice", 1) })).toEqual({
      _tag: "Deposited",
      accountId: "alice",
      amount: 1
    })
  })

  it("what is left out has its default, whether it may be missing in a stored message or not", () => {
    class Greeted extends Message.Struct<Greeted>()("Greeted", {
      name: Schema.String.pipe(
        Schema.propertySignature,
        Schema.withConstructorDefault(() => "you")
      ),
      times: Schema.optional(Schema.Number).pipe(Schema.withConstructorDefault(() => 1))
    }) {}
    expect(Greeted.make({})).toEqual({ _tag: "Greeted", name: "you", times: 1 })
    expect(Greeted.make({ name: "alice" })).toEqual({ _tag: "Greeted", name: "alice", times: 1 })
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("make refuses the amount %d", (amount) => {
    expect(() => Deposit.make({ accountId: "alice", amount })).toThrow(/amount/)
  })

  it("new says what to write instead", () => {
    expect(() => Reflect.construct(Deposit, [{ accountId: "alice", amount: 1 }])).toThrow(
      new TypeError("Deposit is a plain object: use Deposit.make(…)")
    )
  })

  it("is a Schema with the name of its class", () => {
    expect(Schema.decodeUnknownSync(Deposit)({ _tag: "Deposit", accountId: "a", amount: 1 })).toEqual(
      deposit("a", 1)
    )
    expect(() => Schema.decodeUnknownSync(Deposit)({ _tag: "Deposited", accountId: "a", amount: 1 })).toThrow(
      /Deposit/
    )
    expect(String(Deposit.ast)).toBe("Deposit")
    expect(Object.keys(Deposit.fields)).toContain("amount")
  })

  it("applies defaults, and decodes what is encoded otherwise", () => {
    class Renamed extends Message.Struct<Renamed>()("Renamed", {
      at: Schema.Date,
      by: Schema.optionalWith(Schema.String, { default: () => "nobody" })
    }) {}
    const renamed = Renamed.make({ at: new Date(5), by: "alice" })
    expect(Schema.encodeSync(Renamed)(renamed)).toEqual({
      _tag: "Renamed",
      at: "1970-01-01T00:00:00.005Z",
      by: "alice"
    })
    expect(Schema.decodeSync(Renamed)({ _tag: "Renamed", at: "1970-01-01T00:00:00.005Z" })).toMatchObject({
      by: "nobody"
    })
  })
})

describe("tagOf", () => {
  class Classy extends Schema.TaggedClass<Classy>()("Classy", { amount: Schema.Int }) {}

  it.each([
    { what: "Message.Struct", message: Deposit, tag: "Deposit" },
    {
      what: "Schema.TaggedStruct",
      message: Schema.TaggedStruct("Plain", { amount: Schema.Int }),
      tag: "Plain"
    },
    { what: "Schema.TaggedClass", message: Classy, tag: "Classy" },
    { what: "a Struct with a literal", message: Schema.Struct({ _tag: Schema.Literal("Own") }), tag: "Own" },
    {
      what: "a filtered one",
      message: Schema.TaggedStruct("Filtered", { amount: Schema.Int }).pipe(Schema.filter(() => true)),
      tag: "Filtered"
    }
  ])("$what", ({ message, tag }) => {
    expect(Message.tagOf(message)).toBe(tag)
  })

  it.each([
    { what: "two literals", message: Schema.Struct({ _tag: Schema.Literal("A", "B") }) },
    { what: "any text", message: Schema.Struct({ _tag: Schema.String }) }
  ])("refuses $what", ({ message }) => {
    expect(() => Message.tagOf(message)).toThrow(/a message needs a literal _tag/)
  })

  it("refuses what has no tag at all, whoever got it past the compiler", () => {
    const untagged = Schema.Struct({ amount: Schema.Int }) as unknown as Message.Any
    expect(() => Message.tagOf(untagged)).toThrow(/a message needs a literal _tag: .*amount/)
  })
})

describe("byTag", () => {
  it("keeps the order, and refuses a tag that occurs twice", () => {
    expect([...Message.byTag([Deposited, Deposit]).keys()]).toEqual(["Deposited", "Deposit"])
    expect(() => Message.byTag([Deposit, Schema.TaggedStruct("Deposit", {})])).toThrow(
      'two messages are tagged "Deposit"'
    )
  })
})

it("a handler that is missing at run time is named", () => {
  const handler = Message.handlerOf<() => number>({ Deposited: () => 1 })
  expect(handler("Deposited")()).toBe(1)
  for (const tag of ["Withdrawn", "toString", "__proto__", "constructor"]) {
    expect(() => handler(tag)).toThrow(`nothing handles "${tag}"`)
  }
})
