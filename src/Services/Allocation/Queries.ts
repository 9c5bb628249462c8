/** What can be asked about the stock. */
import { ReadModel } from "everfold"
import { BatchAvailability } from "../../Domain/Allocation/BatchAvailability.ts"
import { OrderAllocations } from "../../Domain/Allocation/OrderAllocations.ts"
import type { OrderId, Sku } from "../../Domain/Allocation/Values.ts"

/** The batches of a sku in the order in which they are used up, and what is left of each. */
export const batchesOf = (sku: Sku, freshness: ReadModel.Freshness = {}) =>
  ReadModel.list(BatchAvailability, { ...freshness, where: { sku }, orderBy: "eta" })

/** What an order has got, and of which batches. */
export const allocationsOf = (orderId: OrderId, freshness: ReadModel.Freshness = {}) =>
  ReadModel.list(OrderAllocations, { ...freshness, where: { orderId } })
