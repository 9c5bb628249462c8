import { Projection } from "everfold"
import { describe, expect, it } from "vitest"
import type { ProductCreated, StockUpdated } from "../../../src/Domain/Catalogue/Events.ts"
import { LowStock, threshold } from "../../../src/Domain/Catalogue/LowStock.ts"
import { created, productId, stockUpdated } from "./samples.ts"

const little = threshold - 1

const after = (...events: ReadonlyArray<ProductCreated | StockUpdated>) =>
  Projection.run(LowStock, events).get(productId)

describe("LowStock", () => {
  it("lists what has little stock, from the beginning or later", () => {
    expect(after(created({ stock: little }))).toEqual({ productId, stock: little, since: 1 })
    expect(after(created(), stockUpdated(0))).toEqual({ productId, stock: 0, since: 2 })
  })

  it("does not list what has enough", () => {
    expect(after(created({ stock: threshold }))).toBeUndefined()
    expect(after(created(), stockUpdated(threshold))).toBeUndefined()
  })

  it("takes off the list what has enough again", () => {
    expect(after(created(), stockUpdated(little), stockUpdated(threshold))).toBeUndefined()
  })

  it("says since when there has been little", () => {
    expect(after(created(), stockUpdated(3), stockUpdated(2))).toEqual({ productId, stock: 2, since: 2 })
    expect(after(created({ stock: 0 }), stockUpdated(threshold), stockUpdated(3))?.since).toBe(3)
  })
})
