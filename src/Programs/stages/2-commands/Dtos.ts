/** What readers get: a shape for each use. A field that a reader must not see is not in it. */
import * as Schema from "effect/Schema"

/** The page of one product. The price is in cents. */
export const ProductDetail = Schema.Struct({
  id: Schema.Int,
  name: Schema.String,
  description: Schema.NullOr(Schema.String),
  price: Schema.Int,
  stock: Schema.Int,
  viewCount: Schema.Int
})
export type ProductDetail = typeof ProductDetail.Type

/** A tile in the shop window: whether there is any, not how many. */
export const ProductCard = Schema.Struct({
  id: Schema.Int,
  name: Schema.String,
  price: Schema.Int,
  inStock: Schema.transform(Schema.Int, Schema.Boolean, { decode: (sql) => sql > 0, encode: Number })
})
export type ProductCard = typeof ProductCard.Type
