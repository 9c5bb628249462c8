/** What a list of products shows, and what it can be sorted, filtered and searched by. */
import { Projection } from "everfold"
import * as Schema from "effect/Schema"
import { PriceChanged, ProductCreated, StockUpdated } from "./Events.ts"

/** The row. */
export const Row = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  /** In the smallest unit of the currency. */
  price: Schema.Int,
  currency: Schema.String,
  stock: Schema.Int,
  supplierName: Schema.String
})
export type Row = typeof Row.Type

/** One row per product, by its id. */
export const ProductListing = Projection.make("product-listing", {
  row: Row,
  events: [ProductCreated, StockUpdated, PriceChanged],
  key: (event) => event.productId,
  indexes: ["name", "price", "stock", "supplierName"],
  search: ["name", "supplierName"]
}).on({
  ProductCreated: (_, { name, price, productId, stock, supplierName }) => ({
    id: productId,
    name,
    price: price.amount,
    currency: price.currency,
    stock,
    supplierName
  }),
  StockUpdated: (row, { stock }) => row && { ...row, stock },
  PriceChanged: (row, { price }) => row && { ...row, price: price.amount, currency: price.currency }
})
