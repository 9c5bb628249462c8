import { Projection } from "everfold"
import { describe, expect, it } from "vitest"
import { OrderSummary, type Row } from "../../../src/Domain/Ordering/OrderSummary.ts"
import { OrderId } from "../../../src/Domain/Ordering/Values.ts"
import { added, cancelled, confirmed, created, delivered, orderId, shipped, usd } from "./samples.ts"

const row: Row = {
  orderId,
  customerId: "CUST-001",
  customerName: "Alice Johnson",
  status: "created",
  items: [],
  total: 0,
  currency: "USD",
  carrier: null,
  trackingNumber: null
}
const mouse = added({ item: "Mouse", quantity: 3, unitPrice: usd(3999) })
const items = [
  { name: "Keyboard", quantity: 1, unitPrice: 7999, amount: 7999 },
  { name: "Mouse", quantity: 3, unitPrice: 3999, amount: 11997 }
]

describe("OrderSummary", () => {
  it("begins without items", () => {
    expect(Projection.run(OrderSummary, [created()])).toEqual(new Map([[orderId, row]]))
  })

  it("lists the items in their order, and adds them up", () => {
    expect(Projection.run(OrderSummary, [created(), added(), mouse]).get(orderId)).toEqual({
      ...row,
      items,
      total: 19996
    })
  })

  it("follows the order on its way", () => {
    const events = [created(), added(), mouse, confirmed(), shipped(), delivered()]
    const shipment = { carrier: "FedEx", trackingNumber: "1234567890" }
    const statuses = events.map(
      (_, index) => Projection.run(OrderSummary, events.slice(0, index + 1)).get(orderId)?.status
    )
    expect(statuses).toEqual(["created", "created", "created", "confirmed", "shipped", "delivered"])
    expect(Projection.run(OrderSummary, events).get(orderId)).toEqual({
      ...row,
      items,
      total: 19996,
      status: "delivered",
      ...shipment
    })
    expect(Projection.run(OrderSummary, [created(), cancelled()]).get(orderId)?.status).toBe("cancelled")
  })

  it("keeps orders apart", () => {
    const other = OrderId.make("ORDER-002")
    const rows = Projection.run(OrderSummary, [
      created(),
      created({ orderId: other }),
      added({ orderId: other })
    ])
    expect(Array.from(rows.values(), ({ orderId, total }) => [orderId, total])).toEqual([
      ["ORDER-001", 0],
      ["ORDER-002", 7999]
    ])
  })

  it("has no row for what was never created", () => {
    expect(
      Projection.run(OrderSummary, [added(), confirmed(), shipped(), delivered(), cancelled()]).size
    ).toBe(0)
  })
})
