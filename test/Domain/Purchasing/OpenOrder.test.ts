import { Projection } from "everfold"
import { describe, expect, it } from "vitest"
import type { ReorderFulfilled, ReorderPlaced } from "../../../src/Domain/Purchasing/Events.ts"
import { OpenOrder } from "../../../src/Domain/Purchasing/OpenOrder.ts"
import { OrderId } from "../../../src/Domain/Purchasing/Values.ts"
import { fulfilled, orderId, placed, productId } from "./samples.ts"

const after = (...events: ReadonlyArray<ReorderPlaced | ReorderFulfilled>) =>
  Projection.run(OpenOrder, events).get(productId)

describe("OpenOrder", () => {
  it("shows an order until it arrives", () => {
    expect(after(placed())).toEqual({ productId, orderId, quantity: 46, placedAt: 1 })
    expect(after(placed(), fulfilled())).toBeUndefined()
  })

  it("shows the next one", () => {
    const next = OrderId.make("another")
    expect(after(placed(), fulfilled(), placed(48, next))).toMatchObject({ orderId: next, quantity: 48 })
  })

  it("is not ended by the arrival of another order", () => {
    expect(after(placed(), fulfilled(OrderId.make("another")))).toMatchObject({ orderId })
  })
})
