/**
 * The names of events and the shapes of their fields are on disk for ever: add, never rename.
 *
 * An event is complete in itself. It holds what somebody will want to know years later (cost price, supplier),
 * whatever a reader of today may see; that is the business of the rows.
 */
import { Message } from "everfold"
import * as Schema from "effect/Schema"
import { CostPrice, Description, Name, Price, ProductId, Quantity, SupplierId } from "./Values.ts"

/** A product came into the catalogue. */
export class ProductCreated extends Message.Struct<ProductCreated>()("ProductCreated", {
  productId: ProductId,
  name: Name,
  description: Schema.optionalWith(Description, { exact: true }),
  price: Price,
  costPrice: CostPrice,
  supplierId: SupplierId,
  supplierName: Name,
  stock: Quantity
}) {}

/** There are now this many units. */
export class StockUpdated extends Message.Struct<StockUpdated>()("StockUpdated", {
  productId: ProductId,
  stock: Quantity
}) {}

/** It now costs this much. */
export class PriceChanged extends Message.Struct<PriceChanged>()("PriceChanged", {
  productId: ProductId,
  price: Price
}) {}

/** Somebody looked at the product. */
export class ProductViewed extends Message.Struct<ProductViewed>()("ProductViewed", {
  productId: ProductId
}) {}
