import { type Aggregate, Projection } from "everfold"
import { describe, expect, it } from "vitest"
import { BatchAvailability, type Row } from "../../../src/Domain/Allocation/BatchAvailability.ts"
import type { Stock } from "../../../src/Domain/Allocation/Stock.ts"
import { allocated, batchCreated, deallocated, quantityChanged } from "./samples.ts"

const after = (...events: ReadonlyArray<Event>) => Projection.run(BatchAvailability, events)

type Event = Exclude<Aggregate.Event<typeof Stock>, { readonly _tag: "OutOfStock" }>

describe("BatchAvailability", () => {
  it("has a row per batch", () => {
    const row: Row = { sku: "LAMP", batchRef: "b1", eta: null, quantity: 10, available: 10 }
    expect(after(batchCreated("b1", 10), batchCreated("b2", 5, { eta: "2026-03-01" }))).toEqual(
      new Map([
        ["LAMP/b1", row],
        ["LAMP/b2", { ...row, batchRef: "b2", eta: "2026-03-01", quantity: 5, available: 5 }]
      ])
    )
  })

  it("follows what is set aside, and what is not any more", () => {
    const history = [batchCreated("b1", 10), allocated("o1", 6, "b1")]
    expect(after(...history).get("LAMP/b1")).toMatchObject({ quantity: 10, available: 4 })
    expect(after(...history, quantityChanged("b1", 7)).get("LAMP/b1")).toMatchObject({
      quantity: 7,
      available: 1
    })
    expect(after(...history, deallocated("o1", 6, "b1")).get("LAMP/b1")).toMatchObject({ available: 10 })
  })

  it("has no row for what was never bought", () => {
    expect(after(allocated("o1", 6, "b1"), deallocated("o1", 6, "b1"), quantityChanged("b1", 7)).size).toBe(0)
  })
})
