import { Projection } from "everfold"
import { describe, expect, expectTypeOf, it } from "vitest"
import { OrderIndex, type Row } from "../../../src/Domain/Ordering/OrderIndex.ts"
import { cancelled, confirmed, created, delivered, orderId, shipped } from "./samples.ts"

describe("OrderIndex", () => {
  it("follows the status", () => {
    const events = [created(), confirmed(), shipped(), delivered()]
    const seen = events.map((_, index) => Projection.run(OrderIndex, events.slice(0, index + 1)).get(orderId))
    const row = { orderId, customerName: "Alice Johnson" }
    expect(seen).toEqual(
      ["created", "confirmed", "shipped", "delivered"].map((status) => ({ ...row, status }))
    )
    expect(Projection.run(OrderIndex, [created(), cancelled()]).get(orderId)?.status).toBe("cancelled")
  })

  it("has no row for what was never created", () => {
    expect(Projection.run(OrderIndex, [confirmed(), shipped(), delivered(), cancelled()]).size).toBe(0)
  })

  it("holds little, and takes nothing for an item", () => {
    expectTypeOf<keyof Row>().toEqualTypeOf<"orderId" | "customerName" | "status">()
    expect(OrderIndex.codec.types).not.toContain("ItemAdded")
  })
})
