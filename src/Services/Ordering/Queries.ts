/** What can be asked about orders. */
import { ReadModel } from "everfold"
import { OrderIndex } from "../../Domain/Ordering/OrderIndex.ts"
import { OrderSummary } from "../../Domain/Ordering/OrderSummary.ts"
import type { CustomerId, OrderId, Status } from "../../Domain/Ordering/Values.ts"

/** The page of one order. */
export const getOrder = (id: OrderId, freshness: ReadModel.Freshness = {}) =>
  ReadModel.get(OrderSummary, id, freshness)

/** Which page of a listing. */
export interface Page extends ReadModel.Freshness {
  readonly limit?: number
  /** Continues the page whose `next` this is. */
  readonly after?: ReadModel.Cursor
}

/** The orders that have got this far, by id. */
export const ordersByStatus = (status: Status, page: Page = {}) =>
  // In the order of the index, so that nothing is sorted: rows of one status are in the order of their ids.
  ReadModel.list(OrderSummary, { ...page, where: { status }, orderBy: "status" })

/** The orders of a customer, by id. */
export const ordersOfCustomer = (customerId: CustomerId, page: Page = {}) =>
  ReadModel.list(OrderSummary, { ...page, where: { customerId }, orderBy: "customerId" })

/** The orders whose id or customer's name has this text in it, in any alphabet and any case. */
export const findOrders = (text: string, page: Page = {}) =>
  ReadModel.list(OrderIndex, { ...page, search: text })
