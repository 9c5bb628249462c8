/** What the page of one product shows. */
import { Projection } from "everfold"
import * as Schema from "effect/Schema"
import { PriceChanged, ProductCreated, ProductViewed, StockUpdated } from "./Events.ts"
import { Product } from "./Product.ts"

/** The row; no cost price and no supplier id, for it is the customer's. Times are milliseconds since 1970. */
export const Row = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  description: Schema.NullOr(Schema.String),
  /** In the smallest unit of the currency. */
  price: Schema.Int,
  currency: Schema.String,
  stock: Schema.Int,
  viewCount: Schema.Int,
  supplierName: Schema.String,
  createdAt: Schema.Int,
  /** When stock or price last changed; to be looked at is no change. */
  updatedAt: Schema.Int
})
export type Row = typeof Row.Type

/** One row per product, by its id. An event of a product that it does not know would be missing on the page. */
export const ProductDetail = Projection.make("product-detail", {
  row: Row,
  events: [ProductCreated, StockUpdated, PriceChanged, ProductViewed],
  categories: [Product],
  key: (event) => event.productId
}).on({
  ProductCreated: (
    _,
    { description = null, name, price, productId, stock, supplierName },
    { recordedAt }
  ) => ({
    id: productId,
    name,
    description,
    price: price.amount,
    currency: price.currency,
    stock,
    viewCount: 0,
    supplierName,
    createdAt: recordedAt,
    updatedAt: recordedAt
  }),
  StockUpdated: (row, { stock }, { recordedAt }) => row && { ...row, stock, updatedAt: recordedAt },
  PriceChanged: (row, { price }, { recordedAt }) =>
    row && { ...row, price: price.amount, currency: price.currency, updatedAt: recordedAt },
  ProductViewed: (row) => row && { ...row, viewCount: row.viewCount + 1 }
})
