import { Projection } from "everfold"
import { describe, expect, expectTypeOf, it } from "vitest"
import type { PriceChanged, ProductCreated, StockUpdated } from "../../../src/Domain/Catalogue/Events.ts"
import { ProductCard, type Row } from "../../../src/Domain/Catalogue/ProductCard.ts"
import { created, priceChanged, productId, stockUpdated } from "./samples.ts"

const after = (...events: ReadonlyArray<ProductCreated | StockUpdated | PriceChanged>) =>
  Projection.run(ProductCard, events).get(productId)

describe("ProductCard", () => {
  it("shows name and price, and whether there is any", () => {
    const card = { id: productId, name: "Widget Pro", price: 2999, currency: "EUR", inStock: true }
    expect(after(created())).toEqual(card)
    expect(after(created(), stockUpdated(0), priceChanged(2499))).toEqual({
      ...card,
      price: 2499,
      inStock: false
    })
    expect(after(created({ stock: 0 }))?.inStock).toBe(false)
    expect(after(created({ stock: 0 }), stockUpdated(1))?.inStock).toBe(true)
  })

  it("has no row for what was never created", () => {
    expect(after(stockUpdated(8), priceChanged(2499))).toBeUndefined()
  })

  it("does not show what is not the reader's", () => {
    expectTypeOf<keyof Row>().toEqualTypeOf<"id" | "name" | "price" | "currency" | "inStock">()
    expectTypeOf<keyof Row & ("costPrice" | "supplierId")>().toBeNever()
  })
})
