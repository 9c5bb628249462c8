/** What the page of one order shows, and what orders can be found by. */
import { Projection } from "everfold"
import * as Schema from "effect/Schema"
import {
  ItemAdded,
  OrderCancelled,
  OrderConfirmed,
  OrderCreated,
  OrderDelivered,
  OrderShipped
} from "./Events.ts"
import { amountOf, Status } from "./Values.ts"

/** A line of the order; amounts are in the smallest unit of the order's currency. */
export const Item = Schema.Struct({
  name: Schema.String,
  quantity: Schema.Int,
  unitPrice: Schema.Int,
  amount: Schema.Int
})
export type Item = typeof Item.Type

/** The row. */
export const Row = Schema.Struct({
  orderId: Schema.String,
  customerId: Schema.String,
  customerName: Schema.String,
  status: Status,
  items: Schema.Array(Item),
  /** The sum of the items. */
  total: Schema.Int,
  currency: Schema.String,
  /** Absent until it is shipped, like its number. */
  carrier: Schema.NullOr(Schema.String),
  trackingNumber: Schema.NullOr(Schema.String)
})
export type Row = typeof Row.Type

/** One row per order, by its id. */
export const OrderSummary = Projection.make("order-summary", {
  row: Row,
  events: [OrderCreated, ItemAdded, OrderConfirmed, OrderShipped, OrderDelivered, OrderCancelled],
  key: (event) => event.orderId,
  indexes: ["status", "customerId"]
}).on({
  OrderCreated: (_, { currency, customerId, customerName, orderId }) => ({
    orderId,
    customerId,
    customerName,
    status: "created",
    items: [],
    total: 0,
    currency,
    carrier: null,
    trackingNumber: null
  }),
  ItemAdded: (row, event) => {
    const amount = amountOf(event)
    const item = { name: event.item, quantity: event.quantity, unitPrice: event.unitPrice.amount, amount }
    return row && { ...row, items: [...row.items, item], total: row.total + amount }
  },
  OrderConfirmed: (row) => row && { ...row, status: "confirmed" },
  OrderShipped: (row, { carrier, trackingNumber }) =>
    row && { ...row, status: "shipped", carrier, trackingNumber },
  OrderDelivered: (row) => row && { ...row, status: "delivered" },
  OrderCancelled: (row) => row && { ...row, status: "cancelled" }
})
