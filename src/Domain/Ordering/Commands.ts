/** What can be asked of ordering. */
import { Message } from "everfold"
import * as Schema from "effect/Schema"
import { Currency, Description, Name, Price } from "../Catalogue/Values.ts"
import { CustomerId, OrderId, Quantity, Shipment } from "./Values.ts"

/** Begin an order, all of whose prices are in one currency. */
export class CreateOrder extends Message.Struct<CreateOrder>()("CreateOrder", {
  orderId: OrderId,
  customerId: CustomerId,
  customerName: Name,
  currency: Currency
}) {}

/** Put pieces of an item into an order that is not confirmed yet. */
export class AddItem extends Message.Struct<AddItem>()("AddItem", {
  orderId: OrderId,
  item: Name,
  quantity: Quantity,
  unitPrice: Price
}) {}

/** Say that the order is complete, and wanted. */
export class ConfirmOrder extends Message.Struct<ConfirmOrder>()("ConfirmOrder", {
  orderId: OrderId
}) {}

/** Note that a confirmed order was handed to a carrier. */
export class ShipOrder extends Message.Struct<ShipOrder>()("ShipOrder", {
  orderId: OrderId,
  ...Shipment
}) {}

/** Note that a shipped order has arrived. */
export class DeliverOrder extends Message.Struct<DeliverOrder>()("DeliverOrder", {
  orderId: OrderId
}) {}

/** Give up an order that was not shipped yet. */
export class CancelOrder extends Message.Struct<CancelOrder>()("CancelOrder", {
  orderId: OrderId,
  reason: Schema.optionalWith(Description, { exact: true })
}) {}
