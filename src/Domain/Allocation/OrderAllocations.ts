/** What each order has got, and of which batches. */
import { Projection } from "everfold"
import * as Schema from "effect/Schema"
import { Allocated, Deallocated } from "./Events.ts"

/** The row. */
export const Row = Schema.Struct({
  orderId: Schema.String,
  sku: Schema.String,
  quantity: Schema.Int,
  batchRef: Schema.String
})
export type Row = typeof Row.Type

/** One row per line of an order, by order and sku; none while its sku is out of stock. */
export const OrderAllocations = Projection.make("order-allocations", {
  row: Row,
  events: [Allocated, Deallocated],
  key: ({ orderId, sku }) => `${orderId}/${sku}`,
  indexes: ["orderId"]
}).on({
  Allocated: (_, { batchRef, orderId, quantity, sku }) => ({ orderId, sku, quantity, batchRef }),
  Deallocated: (row, { batchRef }) => (row?.batchRef === batchRef ? undefined : row)
})
