import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { StreamName } from "everfold"
import { describe, expect, it } from "vitest"
import { BatchQuantity, Eta, LineQuantity, OrderId, Sku } from "../../../src/Domain/Allocation/Values.ts"

const accepts = <A, I>(schema: Schema.Schema<A, I>, value: unknown) =>
  Either.isRight(Schema.decodeUnknownEither(schema)(value))

describe("Sku", () => {
  it.each(["LAMP", "a", "SMALL-TABLE_2.0:x", "x".repeat(64)])("%s fits the name of a stream", (sku) => {
    expect(accepts(Sku, sku)).toBe(true)
    expect(StreamName.isValid(`Stock-${sku}`)).toBe(true)
  })

  it.each(["", "A LAMP", "a/b", "é", "a\n", "x".repeat(65)])("%j is refused", (sku) => {
    expect(accepts(Sku, sku)).toBe(false)
  })
})

describe("OrderId", () => {
  it.each(["o1", "2026/17", "Größe"])("may be %s", (id) => expect(accepts(OrderId, id)).toBe(true))
  it.each(["", " o1", "\ud800", "x".repeat(65)])("is refused as %j", (id) =>
    expect(accepts(OrderId, id)).toBe(false)
  )
})

describe("quantities", () => {
  it("are whole; a line wants something, a batch may have nothing", () => {
    expect([-1, 0, 1, 1.5].map((quantity) => accepts(LineQuantity, quantity))).toEqual([
      false,
      false,
      true,
      false
    ])
    expect([-1, 0, 1, 1.5].map((quantity) => accepts(BatchQuantity, quantity))).toEqual([
      false,
      true,
      true,
      false
    ])
  })
})

describe("Eta", () => {
  it.each(["2026-01-31", "2028-02-29"])("may be %s", (day) => expect(accepts(Eta, day)).toBe(true))
  it.each(["", "2026-02-29", "2026-13-01", "2026-00-10", "31.01.2026", "2026-1-31", "2026-01-31T00:00"])(
    "is refused as %j",
    (day) => expect(accepts(Eta, day)).toBe(false)
  )
})
