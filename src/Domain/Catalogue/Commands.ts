/**
 * What can be asked of the catalogue. Stock and price may be anything here, so that it is the product that
 * refuses a negative stock or a price of nothing, with a reason that has a type.
 */
import { Message } from "everfold"
import * as Schema from "effect/Schema"
import { CostPrice, Description, Money, Name, ProductId, SupplierId } from "./Values.ts"

/** Put a new product into the catalogue. */
export class CreateProduct extends Message.Struct<CreateProduct>()("CreateProduct", {
  productId: ProductId,
  name: Name,
  description: Schema.optionalWith(Description, { exact: true }),
  price: Money,
  costPrice: CostPrice,
  supplierId: SupplierId,
  supplierName: Name,
  stock: Schema.Int
}) {}

/** Say how many units there are. */
export class UpdateStock extends Message.Struct<UpdateStock>()("UpdateStock", {
  productId: ProductId,
  stock: Schema.Int
}) {}

/** Say what it costs from now on. */
export class ChangePrice extends Message.Struct<ChangePrice>()("ChangePrice", {
  productId: ProductId,
  price: Money,
  /** Somebody entitled to it has approved more than twice the price, or another currency. */
  approved: Schema.optionalWith(Schema.Boolean, { exact: true })
}) {}

/** Note that somebody looked at the product. */
export class RecordProductView extends Message.Struct<RecordProductView>()("RecordProductView", {
  productId: ProductId
}) {}
