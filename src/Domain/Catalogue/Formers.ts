/**
 * What the shop that came before this one has stored, and what it means today: revision 1 of each event. Its prices
 * were floats without a currency, and it sold in euros; so they are read as euros, to the nearest cent.
 *
 * These Schemas stay as they are, whatever becomes of today's values: they say what lies in the log.
 */
import { Revisions } from "everfold"
import * as Schema from "effect/Schema"
import { ProductId, SupplierId } from "./Values.ts"

/** Ids were the numbers that SQLite gives to rows. */
const Id = Schema.Int.pipe(Schema.positive())

/** Euros, as many as can be counted in cents. The shop refused a price of nothing; less than half a cent is one. */
const Price = Schema.Number.pipe(
  Schema.between(0.005, 9e13, { message: ({ actual }) => `${String(actual)} is no price` })
)
const CostPrice = Schema.Number.pipe(
  Schema.between(0, 9e13, { message: ({ actual }) => `${String(actual)} is no cost price` })
)

const Stock = Schema.Int.pipe(Schema.nonNegative())
const Name = Schema.String.pipe(Schema.maxLength(200))
const Description = Schema.String.pipe(Schema.maxLength(2000))

/** As Python writes a field that may be `None`, and as it leaves out one that it did not have yet. */
const perhaps = <A, I>(schema: Schema.Schema<A, I>) =>
  Schema.optionalWith(Schema.NullOr(schema), { exact: true })

/** The first form of an event. */
const first = <Tag extends string, Fields extends Schema.Struct.Fields>(tag: Tag, fields: Fields) =>
  Schema.TaggedStruct(tag, fields).annotations({ identifier: `${tag}1` })

/** When it happened, as text. Today's events have their time from the log; this one stays in the payload. */
const occurred_at = Schema.String

/** A product came into the catalogue. Whoever did not name its supplier named only an id. */
export const productCreated = Revisions.first(
  first("ProductCreated", {
    product_id: Id,
    name: Name,
    price: Price,
    cost_price: CostPrice,
    supplier_id: Schema.Int,
    stock: Stock,
    occurred_at,
    description: perhaps(Description),
    supplier_name: perhaps(Name)
  })
).now(({ cost_price, description = null, name, price, product_id, stock, supplier_id, supplier_name }) => ({
  productId: idOf(product_id),
  name: tidy(name) || `product ${product_id}`,
  ...(description === null ? {} : { description: description.toWellFormed() }),
  price: euros(price),
  costPrice: euros(cost_price),
  supplierId: SupplierId.make(String(supplier_id)),
  supplierName: tidy(supplier_name ?? "") || `supplier ${supplier_id}`,
  stock
}))

/** There are now this many units. */
export const stockUpdated = Revisions.first(
  first("StockUpdated", { product_id: Id, new_stock: Stock, occurred_at })
).now(({ new_stock, product_id }) => ({ productId: idOf(product_id), stock: new_stock }))

/** It now costs this much. */
export const priceChanged = Revisions.first(
  first("PriceChanged", { product_id: Id, new_price: Price, occurred_at })
).now(({ new_price, product_id }) => ({ productId: idOf(product_id), price: euros(new_price) }))

/** Somebody looked at the product. */
export const productViewed = Revisions.first(first("ProductViewed", { product_id: Id, occurred_at })).now(
  ({ product_id }) => ({ productId: idOf(product_id) })
)

// internal

function idOf(id: number): ProductId {
  return ProductId.make(String(id))
}

function euros(amount: number) {
  return { amount: Math.round(amount * 100), currency: "EUR" }
}

/** One line without space around it; the shop took any text. */
function tidy(text: string): string {
  return text
    .toWellFormed()
    .replace(/\p{Cc}+/gu, " ")
    .trim()
}
