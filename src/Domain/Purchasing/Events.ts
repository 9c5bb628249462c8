/** The names of events and the shapes of their fields are on disk for ever: add, never rename. */
import { Message } from "everfold"
import { ProductId } from "../Catalogue/Values.ts"
import { OrderId, OrderQuantity } from "./Values.ts"

/** Units of a product were ordered from its supplier. */
export class ReorderPlaced extends Message.Struct<ReorderPlaced>()("ReorderPlaced", {
  productId: ProductId,
  orderId: OrderId,
  quantity: OrderQuantity
}) {}

/** The order arrived. */
export class ReorderFulfilled extends Message.Struct<ReorderFulfilled>()("ReorderFulfilled", {
  productId: ProductId,
  orderId: OrderId
}) {}
