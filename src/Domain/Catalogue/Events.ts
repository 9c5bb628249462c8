/**
 * The names of events and the shapes of their fields are on disk for ever. Revision 1 of each is what the shop stored
 * that came before this one, see `Formers`; this is revision 2. To change one again is to add a revision.
 *
 * An event is complete in itself. It holds what somebody will want to know years later (cost price, supplier),
 * whatever a reader of today may see; that is the business of the rows.
 */
import { Message } from "everfold"
import * as Schema from "effect/Schema"
import * as Formers from "./Formers.ts"
import { CostPrice, Description, Name, Price, ProductId, Quantity, SupplierId } from "./Values.ts"

/** A product came into the catalogue. */
export class ProductCreated extends Message.Struct<ProductCreated>()(
  "ProductCreated",
  {
    productId: ProductId,
    name: Name,
    description: Schema.optionalWith(Description, { exact: true }),
    price: Price,
    costPrice: CostPrice,
    supplierId: SupplierId,
    supplierName: Name,
    stock: Quantity
  },
  Formers.productCreated
) {}

/** There are now this many units. */
export class StockUpdated extends Message.Struct<StockUpdated>()(
  "StockUpdated",
  { productId: ProductId, stock: Quantity },
  Formers.stockUpdated
) {}

/** It now costs this much. */
export class PriceChanged extends Message.Struct<PriceChanged>()(
  "PriceChanged",
  { productId: ProductId, price: Price },
  Formers.priceChanged
) {}

/** Somebody looked at the product. */
export class ProductViewed extends Message.Struct<ProductViewed>()(
  "ProductViewed",
  { productId: ProductId },
  Formers.productViewed
) {}
