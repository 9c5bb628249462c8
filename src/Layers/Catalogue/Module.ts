/** What the catalogue adds to any stack: its rows, and those who react to it. */
import { Projector, Subscriber } from "everfold"
import * as Layer from "effect/Layer"
import { ProductCard } from "../../Domain/Catalogue/ProductCard.ts"
import { ProductDetail } from "../../Domain/Catalogue/ProductDetail.ts"
import { ProductListing } from "../../Domain/Catalogue/ProductListing.ts"
import { AuditLog } from "./AuditLog.ts"
import { LowStockAlert } from "./LowStockAlert.ts"

/** Every subscriber of the catalogue. */
export const layer = Layer.mergeAll(
  Projector.layer(ProductDetail),
  Projector.layer(ProductCard),
  Projector.layer(ProductListing),
  Subscriber.layer(AuditLog),
  Subscriber.layer(LowStockAlert)
)
