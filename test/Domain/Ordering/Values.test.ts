import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { AddItem } from "../../../src/Domain/Ordering/Commands.ts"
import { amountOf, CustomerId, OrderId, Quantity } from "../../../src/Domain/Ordering/Values.ts"
import { add } from "./samples.ts"

const accepts = <A, I>(schema: Schema.Schema<A, I>, value: unknown) =>
  Either.isRight(Schema.decodeUnknownEither(schema)(value))

describe("ids", () => {
  it.each(["ORDER-001", "a", "x".repeat(64)])("of an order may be %s", (id) => {
    expect(accepts(OrderId, id)).toBe(true)
  })

  it.each(["", "a b", "a/b", "é", "x".repeat(65)])("of an order are not %j", (id) => {
    expect(accepts(OrderId, id)).toBe(false)
  })

  it("of a customer are a name without space around it", () => {
    expect(["CUST-001", "", " x", "x".repeat(65)].map((id) => accepts(CustomerId, id))).toEqual([
      true,
      false,
      false,
      false
    ])
  })
})

describe("an item", () => {
  it("has at least one piece, and no part of one", () => {
    expect([1, 0, -1, 0.5, NaN].map((quantity) => accepts(Quantity, quantity))).toEqual([
      true,
      false,
      false,
      false,
      false
    ])
  })

  it("costs something, in whole units", () => {
    const priced = (amount: unknown) => accepts(AddItem, { ...add(), unitPrice: { amount, currency: "USD" } })
    expect([7999, 79.99, 0, -1].map(priced)).toEqual([true, false, false, false])
  })

  it("comes to its pieces times its price, exactly", () => {
    expect(amountOf(add({ quantity: 3, unitPrice: { amount: 7999, currency: "USD" } }))).toBe(23997)
  })
})
