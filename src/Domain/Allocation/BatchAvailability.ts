/** How much is left of each batch. */
import { Projection } from "everfold"
import * as Schema from "effect/Schema"
import { Allocated, BatchCreated, BatchQuantityChanged, Deallocated } from "./Events.ts"

/** The row. */
export const Row = Schema.Struct({
  sku: Schema.String,
  batchRef: Schema.String,
  /** The day on which it is expected; null when it lies in the warehouse. */
  eta: Schema.NullOr(Schema.String),
  quantity: Schema.Int,
  /** Units that nobody has. */
  available: Schema.Int
})
export type Row = typeof Row.Type

/** One row per batch, by sku and reference. Sorted by `eta`, batches stand in the order in which they are used up. */
export const BatchAvailability = Projection.make("batch-availability", {
  row: Row,
  events: [BatchCreated, BatchQuantityChanged, Allocated, Deallocated],
  key: ({ batchRef, sku }) => `${sku}/${batchRef}`,
  indexes: ["sku", "eta"]
}).on({
  BatchCreated: (_, { batchRef, eta = null, quantity, sku }) => ({
    sku,
    batchRef,
    eta,
    quantity,
    available: quantity
  }),
  BatchQuantityChanged: (row, { quantity }) =>
    row && { ...row, quantity, available: row.available + quantity - row.quantity },
  Allocated: (row, { quantity }) => row && { ...row, available: row.available - quantity },
  Deallocated: (row, { quantity }) => row && { ...row, available: row.available + quantity }
})
