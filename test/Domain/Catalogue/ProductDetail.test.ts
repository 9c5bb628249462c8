import { Event, Projection } from "everfold"
import { describe, expect, expectTypeOf, it } from "vitest"
import type { ProductCreated } from "../../../src/Domain/Catalogue/Events.ts"
import { ProductDetail, type Row } from "../../../src/Domain/Catalogue/ProductDetail.ts"
import { created, priceChanged, productId, stockUpdated, viewed } from "./samples.ts"

const row: Row = {
  id: productId,
  name: "Widget Pro",
  description: null,
  price: 2999,
  currency: "EUR",
  stock: 100,
  viewCount: 0,
  supplierName: "Acme Corp",
  createdAt: 1,
  updatedAt: 1
}

describe("ProductDetail", () => {
  it("shows a product as it was created", () => {
    expect(Projection.run(ProductDetail, [created()])).toEqual(new Map([[productId, row]]))
  })

  it("shows its description", () => {
    const rows = Projection.run(ProductDetail, [created({ description: "Does what widgets do." })])
    expect(rows.get(productId)?.description).toBe("Does what widgets do.")
  })

  it("follows stock and price, and says when they changed", () => {
    const events = [created(), stockUpdated(8), priceChanged(2499)]
    const expected = { ...row, stock: 8, price: 2499, updatedAt: 3 }
    expect(Projection.run(ProductDetail, events).get(productId)).toEqual(expected)
  })

  it("counts views, which are no updates", () => {
    expect(Projection.run(ProductDetail, [created(), viewed(), viewed()]).get(productId)).toEqual({
      ...row,
      viewCount: 2
    })
  })

  it("takes its times from the log", () => {
    const rows = Projection.run(ProductDetail, [created()], { recordedAt: 1_767_603_600_000 })
    expect(rows.get(productId)).toMatchObject({ createdAt: 1_767_603_600_000, updatedAt: 1_767_603_600_000 })
  })

  it("has no row for what was never created", () => {
    expect(Projection.run(ProductDetail, [stockUpdated(8), priceChanged(2499), viewed()]).size).toBe(0)
  })

  it("does not show what is not the reader's, in the types and in the row", () => {
    expectTypeOf<keyof Row & ("costPrice" | "supplierId")>().toBeNever()
    expectTypeOf<keyof Row>().toEqualTypeOf<
      | "id"
      | "name"
      | "description"
      | "price"
      | "currency"
      | "stock"
      | "viewCount"
      | "supplierName"
      | "createdAt"
      | "updatedAt"
    >()
    const events = Event.record<ProductCreated>([created()])
    const shown = JSON.stringify(events.map((recorded) => ProductDetail.apply(undefined, recorded)))
    expect(shown).not.toMatch(/cost|1200|supplierId|supplier-1/)
  })
})
