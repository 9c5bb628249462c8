/** What a tile in a shop window shows. */
import { Projection } from "everfold"
import * as Schema from "effect/Schema"
import { PriceChanged, ProductCreated, StockUpdated } from "./Events.ts"

/** The row: whether there is any, not how many. */
export const Row = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  /** In the smallest unit of the currency. */
  price: Schema.Int,
  currency: Schema.String,
  inStock: Schema.Boolean
})
export type Row = typeof Row.Type

/** One row per product, by its id. */
export const ProductCard = Projection.make("product-card", {
  row: Row,
  events: [ProductCreated, StockUpdated, PriceChanged],
  key: (event) => event.productId
}).on({
  ProductCreated: (_, { name, price, productId, stock }) => ({
    id: productId,
    name,
    price: price.amount,
    currency: price.currency,
    inStock: stock > 0
  }),
  StockUpdated: (row, { stock }) => row && { ...row, inStock: stock > 0 },
  PriceChanged: (row, { price }) => row && { ...row, price: price.amount, currency: price.currency }
})
