import * as Either from "effect/Either"
import { describe, expect, it } from "vitest"
import { Product } from "../../../src/Domain/Catalogue/Product.ts"
import { eur } from "./samples.ts"

const occurred_at = "2024-03-01T09:00:00+00:00"
const read = (type: string, fields: object) =>
  Product.codec.decodePayload({ type, revision: 1, payload: JSON.stringify({ ...fields, occurred_at }) })

const widget = {
  product_id: 7,
  name: "Widget Pro",
  price: 29.99,
  cost_price: 12,
  supplier_id: 1,
  stock: 100
}
const today = {
  _tag: "ProductCreated",
  productId: "7",
  name: "Widget Pro",
  price: eur(2999),
  costPrice: eur(1200),
  supplierId: "1",
  supplierName: "supplier 1",
  stock: 100
}

describe("what the former shop has stored", () => {
  it.each([
    { what: "a product, without what the first programs did not have", fields: {}, change: {} },
    {
      what: "a product, with None for what nobody said",
      fields: { description: null, supplier_name: null },
      change: {}
    },
    {
      what: "a product with all that can be said of it",
      fields: { description: "one\ntwo", supplier_name: "Acme Corp" },
      change: { description: "one\ntwo", supplierName: "Acme Corp" }
    },
    {
      what: "names that today's shop would not take",
      fields: { name: " Widget\n Pro\ud800 ", supplier_name: " " },
      change: { name: "Widget  Pro\ufffd" }
    },
    { what: "a product without a name", fields: { name: "\t" }, change: { name: "product 7" } },
    { what: "what cost nothing", fields: { cost_price: 0 }, change: { costPrice: eur(0) } }
  ])("is read: $what", ({ change, fields }) => {
    expect(read("ProductCreated", { ...widget, ...fields })).toEqual(Either.right({ ...today, ...change }))
  })

  it.each([
    ["StockUpdated", { product_id: 7, new_stock: 0 }, { productId: "7", stock: 0 }],
    ["PriceChanged", { product_id: 7, new_price: 44.99 }, { productId: "7", price: eur(4499) }],
    ["ProductViewed", { product_id: 7 }, { productId: "7" }]
  ])("is read: %s", (type, fields, event) => {
    expect(read(type, fields)).toEqual(Either.right({ _tag: type, ...event }))
  })

  it.each([
    [19.999, 2000],
    [32.989000000000004, 3299],
    [0.1 + 0.2, 30],
    [1.005, 100],
    [0.005, 1],
    [1, 100]
  ])("of a price, %d is %d cents", (new_price, cents) => {
    expect(read("PriceChanged", { product_id: 1, new_price })).toMatchObject({
      right: { price: eur(cents) }
    })
  })

  it.each([
    { what: "a price of nothing", change: { price: 0 } },
    { what: "a price of less than nothing", change: { price: -29.99 } },
    { what: "a price that is less than half a cent", change: { price: 0.004 } },
    { what: "a price that no cents can count", change: { price: 1e15 } },
    { what: "a price as text", change: { price: "29.99" } },
    { what: "a cost price of less than nothing", change: { cost_price: -1 } },
    { what: "a stock of less than nothing", change: { stock: -1 } },
    { what: "an id that is no number", change: { product_id: "7" } },
    { what: "no name", change: { name: undefined } }
  ])("is refused: $what", ({ change }) => {
    expect(read("ProductCreated", { ...widget, ...change })).toMatchObject({
      left: { reason: "InvalidPayload", type: "ProductCreated" }
    })
  })

  it("is not what is written today", () => {
    const { codec } = Product
    expect([...codec.revisions.values()]).toEqual([2, 2, 2, 2])
    expect(
      codec.decodePayload({ type: "ProductViewed", revision: 2, payload: '{"product_id":7}' })
    ).toMatchObject({
      left: { reason: "InvalidPayload" }
    })
  })
})
