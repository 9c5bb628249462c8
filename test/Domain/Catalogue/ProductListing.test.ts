import { Projection } from "everfold"
import { describe, expect, expectTypeOf, it } from "vitest"
import type { PriceChanged, ProductCreated, StockUpdated } from "../../../src/Domain/Catalogue/Events.ts"
import { ProductListing, type Row } from "../../../src/Domain/Catalogue/ProductListing.ts"
import { ProductId } from "../../../src/Domain/Catalogue/Values.ts"
import { created, priceChanged, productId, stockUpdated } from "./samples.ts"

const after = (...events: ReadonlyArray<ProductCreated | StockUpdated | PriceChanged>) =>
  Projection.run(ProductListing, events)

describe("ProductListing", () => {
  const row: Row = {
    id: productId,
    name: "Widget Pro",
    price: 2999,
    currency: "EUR",
    stock: 100,
    supplierName: "Acme Corp"
  }

  it("has a row per product", () => {
    const other = ProductId.make("gadget-1")
    const rows = after(created(), created({ productId: other, name: "Gadget Plus" }), stockUpdated(8, other))
    expect(rows).toEqual(
      new Map([
        [productId, row],
        [other, { ...row, id: other, name: "Gadget Plus", stock: 8 }]
      ])
    )
  })

  it("follows stock and price", () => {
    expect(after(created(), stockUpdated(0), priceChanged(2499)).get(productId)).toEqual({
      ...row,
      stock: 0,
      price: 2499
    })
  })

  it("has no row for what was never created", () => {
    expect(after(stockUpdated(8), priceChanged(2499)).size).toBe(0)
  })

  it("does not show what is not the reader's", () => {
    expectTypeOf<keyof Row>().toEqualTypeOf<"id" | "name" | "price" | "currency" | "stock" | "supplierName">()
    expectTypeOf<keyof Row & ("costPrice" | "supplierId")>().toBeNever()
  })
})
