/** The names of events and the shapes of their fields are on disk for ever: add, never rename. */
import { Message } from "everfold"
import * as Schema from "effect/Schema"
import { Currency, Description, Name, Price } from "../Catalogue/Values.ts"
import { CustomerId, OrderId, Quantity, Shipment } from "./Values.ts"

/** A customer began an order. The name is the one that the customer had then. */
export class OrderCreated extends Message.Struct<OrderCreated>()("OrderCreated", {
  orderId: OrderId,
  customerId: CustomerId,
  customerName: Name,
  currency: Currency
}) {}

/** Pieces of an item were added, at a price that holds from now on. */
export class ItemAdded extends Message.Struct<ItemAdded>()("ItemAdded", {
  orderId: OrderId,
  item: Name,
  quantity: Quantity,
  unitPrice: Price
}) {}

/** The customer wants it as it is now. */
export class OrderConfirmed extends Message.Struct<OrderConfirmed>()("OrderConfirmed", {
  orderId: OrderId
}) {}

/** It has left the house. */
export class OrderShipped extends Message.Struct<OrderShipped>()("OrderShipped", {
  orderId: OrderId,
  ...Shipment
}) {}

/** It has arrived. */
export class OrderDelivered extends Message.Struct<OrderDelivered>()("OrderDelivered", {
  orderId: OrderId
}) {}

/** Nobody wants it any more. */
export class OrderCancelled extends Message.Struct<OrderCancelled>()("OrderCancelled", {
  orderId: OrderId,
  reason: Schema.optionalWith(Description, { exact: true })
}) {}
