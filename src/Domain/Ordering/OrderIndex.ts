/** What somebody sees who looks for an order: little of each, found by any part of a name. */
import { Projection } from "everfold"
import * as Schema from "effect/Schema"
import { OrderCancelled, OrderConfirmed, OrderCreated, OrderDelivered, OrderShipped } from "./Events.ts"
import { Status } from "./Values.ts"

/** The row. */
export const Row = Schema.Struct({
  orderId: Schema.String,
  customerName: Schema.String,
  status: Status
})
export type Row = typeof Row.Type

/** One row per order, by its id. Items do not concern it. */
export const OrderIndex = Projection.make("order-index", {
  row: Row,
  events: [OrderCreated, OrderConfirmed, OrderShipped, OrderDelivered, OrderCancelled],
  key: (event) => event.orderId,
  search: ["orderId", "customerName"]
}).on({
  OrderCreated: (_, { customerName, orderId }) => ({ orderId, customerName, status: "created" }),
  OrderConfirmed: (row) => row && { ...row, status: "confirmed" },
  OrderShipped: (row) => row && { ...row, status: "shipped" },
  OrderDelivered: (row) => row && { ...row, status: "delivered" },
  OrderCancelled: (row) => row && { ...row, status: "cancelled" }
})
