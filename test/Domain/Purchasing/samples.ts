import { FulfilReorder, PlaceReorder } from "../../../src/Domain/Purchasing/Commands.ts"
import { ReorderFulfilled, ReorderPlaced } from "../../../src/Domain/Purchasing/Events.ts"
import { OrderId } from "../../../src/Domain/Purchasing/Values.ts"
import { productId } from "../Catalogue/samples.ts"

export { productId }

/** What a decision in a test gives as its first new id. */
export const orderId = OrderId.make("id-0")

export const place = (quantity = 46) => PlaceReorder.make({ productId, quantity })
export const placed = (quantity = 46, id = orderId) =>
  ReorderPlaced.make({ productId, orderId: id, quantity })

export const fulfil = (id = orderId) => FulfilReorder.make({ productId, orderId: id })
export const fulfilled = (id = orderId) => ReorderFulfilled.make({ productId, orderId: id })
