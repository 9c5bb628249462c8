/** What can be asked of purchasing. */
import { Message } from "everfold"
import { ProductId } from "../Catalogue/Values.ts"
import { OrderId, OrderQuantity } from "./Values.ts"

/** Order units of a product, unless an order is on its way already. */
export class PlaceReorder extends Message.Struct<PlaceReorder>()("PlaceReorder", {
  productId: ProductId,
  quantity: OrderQuantity
}) {}

/** Note that an order arrived. It names the order, so that a note sent twice cannot end the next one. */
export class FulfilReorder extends Message.Struct<FulfilReorder>()("FulfilReorder", {
  productId: ProductId,
  orderId: OrderId
}) {}
