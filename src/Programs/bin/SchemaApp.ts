/** What is locked of this repository: the aggregates of its contexts, and their projections with the Schemas of their rows. */
import type { SchemaLock } from "everfold/testing"
import * as BatchAvailability from "../../Domain/Allocation/BatchAvailability.ts"
import * as OrderAllocations from "../../Domain/Allocation/OrderAllocations.ts"
import * as LowStock from "../../Domain/Catalogue/LowStock.ts"
import * as ProductCard from "../../Domain/Catalogue/ProductCard.ts"
import * as ProductDetail from "../../Domain/Catalogue/ProductDetail.ts"
import * as ProductListing from "../../Domain/Catalogue/ProductListing.ts"
import * as ViewCounts from "../../Domain/Catalogue/ViewCounts.ts"
import * as OrderIndex from "../../Domain/Ordering/OrderIndex.ts"
import * as OrderSummary from "../../Domain/Ordering/OrderSummary.ts"
import * as OpenOrder from "../../Domain/Purchasing/OpenOrder.ts"
import { contexts } from "./Contexts.ts"

/** All of them. */
export const app: SchemaLock.App = {
  aggregates: [...contexts.values()].flat(),
  rows: [
    { projection: LowStock.LowStock, row: LowStock.Row },
    { projection: ProductCard.ProductCard, row: ProductCard.Row },
    { projection: ProductDetail.ProductDetail, row: ProductDetail.Row },
    { projection: ProductListing.ProductListing, row: ProductListing.Row },
    { projection: ViewCounts.ViewCounts, row: ViewCounts.Row },
    { projection: OpenOrder.OpenOrder, row: OpenOrder.Row },
    { projection: BatchAvailability.BatchAvailability, row: BatchAvailability.Row },
    { projection: OrderAllocations.OrderAllocations, row: OrderAllocations.Row },
    { projection: OrderIndex.OrderIndex, row: OrderIndex.Row },
    { projection: OrderSummary.OrderSummary, row: OrderSummary.Row }
  ]
}
