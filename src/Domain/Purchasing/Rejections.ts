/** Why purchasing refuses a command. */
import * as Schema from "effect/Schema"
import { ProductId } from "../Catalogue/Values.ts"
import { OrderId } from "./Values.ts"

/** The order is not on its way: it never was, or it has arrived already. */
export class OrderNotOpen extends Schema.TaggedError<OrderNotOpen>()("OrderNotOpen", {
  productId: ProductId,
  orderId: OrderId
}) {
  override get message() {
    return `order ${this.orderId} of product ${this.productId} is not open`
  }
}
