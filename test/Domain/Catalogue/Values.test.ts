import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { StreamName } from "everfold"
import { describe, expect, it } from "vitest"
import { Money, Name, Price, ProductId, showMoney } from "../../../src/Domain/Catalogue/Values.ts"

const accepts = <A, I>(schema: Schema.Schema<A, I>, value: unknown) =>
  Either.isRight(Schema.decodeUnknownEither(schema)(value))

describe("ProductId", () => {
  it.each(["a", "widget-1", "A_b.c:d-9", "x".repeat(64)])("%s fits the name of a stream", (id) => {
    expect(accepts(ProductId, id)).toBe(true)
    expect(StreamName.isValid(`Product-${id}`)).toBe(true)
  })

  it.each(["", " ", "a b", "a/b", "é", "a\n", "x".repeat(65)])("%j is refused", (id) => {
    expect(accepts(ProductId, id)).toBe(false)
  })
})

describe("Money", () => {
  it.each([0.1, 29.99, NaN, Infinity, 2 ** 53])("is never %d units", (amount) => {
    expect(accepts(Money, { amount, currency: "EUR" })).toBe(false)
  })

  it.each(["eur", "EURO", "€", ""])("has no currency %j", (currency) => {
    expect(accepts(Money, { amount: 1, currency })).toBe(false)
  })

  it("may be anything in a command, and is more than nothing in a price", () => {
    expect([-1, 0, 1].map((amount) => accepts(Money, { amount, currency: "EUR" }))).toEqual([
      true,
      true,
      true
    ])
    expect([-1, 0, 1].map((amount) => accepts(Price, { amount, currency: "EUR" }))).toEqual([
      false,
      false,
      true
    ])
  })

  it.each([
    [4999, "EUR", "49.99 EUR"],
    [5, "EUR", "0.05 EUR"],
    [-5, "EUR", "-0.05 EUR"],
    [0, "EUR", "0.00 EUR"],
    [1200, "JPY", "1200 JPY"],
    [1234, "KWD", "1.234 KWD"],
    [Number.MAX_SAFE_INTEGER, "EUR", "90071992547409.91 EUR"]
  ])("%i %s is written %s", (amount, currency, text) => {
    expect(showMoney({ amount, currency })).toBe(text)
  })
})

describe("Name", () => {
  it.each(["Widget Pro", "Ünïcödé", "部品", "🧰"])("may be %s", (name) => {
    expect(accepts(Name, name)).toBe(true)
  })

  it.each(["", " Widget", "Wid\nget", "\u001b[31mred", "\ud800", "x".repeat(201)])(
    "is refused as %j",
    (name) => {
      expect(accepts(Name, name)).toBe(false)
    }
  )
})
