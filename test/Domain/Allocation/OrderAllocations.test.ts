import { Projection } from "everfold"
import { describe, expect, it } from "vitest"
import type { Allocated, Deallocated } from "../../../src/Domain/Allocation/Events.ts"
import { OrderAllocations } from "../../../src/Domain/Allocation/OrderAllocations.ts"
import { Sku } from "../../../src/Domain/Allocation/Values.ts"
import { allocated, deallocated } from "./samples.ts"

const after = (...events: ReadonlyArray<Allocated | Deallocated>) => Projection.run(OrderAllocations, events)

describe("OrderAllocations", () => {
  it("has a row per line", () => {
    const desk = { ...allocated("o1", 1, "b7"), sku: Sku.make("DESK") }
    expect(after(allocated("o1", 6, "b1"), desk)).toEqual(
      new Map([
        ["o1/LAMP", { orderId: "o1", sku: "LAMP", quantity: 6, batchRef: "b1" }],
        ["o1/DESK", { orderId: "o1", sku: "DESK", quantity: 1, batchRef: "b7" }]
      ])
    )
  })

  it("loses a line, and finds it in another batch", () => {
    const history = [allocated("o1", 6, "b1"), deallocated("o1", 6, "b1")]
    expect(after(...history).size).toBe(0)
    expect(after(...history, allocated("o1", 6, "b2")).get("o1/LAMP")).toMatchObject({ batchRef: "b2" })
  })

  it("does not lose a line to another batch", () => {
    expect(after(allocated("o1", 6, "b2"), deallocated("o1", 6, "b1")).size).toBe(1)
  })
})
