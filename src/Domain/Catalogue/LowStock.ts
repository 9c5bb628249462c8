/** What somebody should look after: the products of which little is left. */
import { Projection } from "everfold"
import * as Schema from "effect/Schema"
import { ProductCreated, StockUpdated } from "./Events.ts"

/** Little is less than this. */
export const threshold = 10

/** The row. */
export const Row = Schema.Struct({
  productId: Schema.String,
  stock: Schema.Int,
  /** When it fell below the threshold, in milliseconds since 1970. */
  since: Schema.Int
})
export type Row = typeof Row.Type

/** One row per product with little stock, by its id; it is gone as soon as there is enough again. */
export const LowStock = Projection.make("low-stock", {
  row: Row,
  events: [ProductCreated, StockUpdated],
  key: (event) => event.productId,
  indexes: ["stock", "since"]
}).on({
  ProductCreated: (row, event, { recordedAt }) => low(row, event, recordedAt),
  StockUpdated: (row, event, { recordedAt }) => low(row, event, recordedAt)
})

// internal

const low = (row: Row | undefined, { productId, stock }: ProductCreated | StockUpdated, now: number) =>
  stock < threshold ? { productId, stock, since: row?.since ?? now } : undefined
