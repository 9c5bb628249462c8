/** How often products are looked at, and nothing else. */
import { Projection } from "everfold"
import * as Schema from "effect/Schema"
import { ProductViewed } from "./Events.ts"

/** The row. */
export const Row = Schema.Struct({
  productId: Schema.String,
  views: Schema.Int
})
export type Row = typeof Row.Type

/** One row per product that was ever looked at, by its id. */
export const ViewCounts = Projection.make("view-counts", {
  row: Row,
  events: [ProductViewed],
  key: (event) => event.productId,
  indexes: ["views"]
}).on({
  ProductViewed: (row, { productId }) => ({ productId, views: (row?.views ?? 0) + 1 })
})
