/** What is on its way: the orders that have not arrived. */
import { Projection } from "everfold"
import * as Schema from "effect/Schema"
import { ReorderFulfilled, ReorderPlaced } from "./Events.ts"

/** The row. */
export const Row = Schema.Struct({
  productId: Schema.String,
  orderId: Schema.String,
  quantity: Schema.Int,
  /** Milliseconds since 1970. */
  placedAt: Schema.Int
})
export type Row = typeof Row.Type

/** One row per product with an open order, by the product's id. */
export const OpenOrder = Projection.make("open-order", {
  row: Row,
  events: [ReorderPlaced, ReorderFulfilled],
  key: (event) => event.productId,
  indexes: ["quantity", "placedAt"]
}).on({
  ReorderPlaced: (_, { orderId, productId, quantity }, { recordedAt }) => ({
    productId,
    orderId,
    quantity,
    placedAt: recordedAt
  }),
  ReorderFulfilled: (row, { orderId }) => (row?.orderId === orderId ? undefined : row)
})
