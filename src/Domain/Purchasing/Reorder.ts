/** The orders of one product: one at a time. */
import { Aggregate } from "everfold"
import * as Schema from "effect/Schema"
import { FulfilReorder, PlaceReorder } from "./Commands.ts"
import { ReorderFulfilled, ReorderPlaced } from "./Events.ts"
import { OrderNotOpen } from "./Rejections.ts"
import { OrderId, OrderQuantity } from "./Values.ts"

/** Nothing is on its way. */
const Idle = Schema.TaggedStruct("Idle", {})

/** An order is on its way. */
const Open = Schema.TaggedStruct("Open", { orderId: OrderId, quantity: OrderQuantity })

/** The orders of one product. Its stream is `Reorder-<productId>`. */
export const Reorder = Aggregate.make("Reorder", {
  events: [ReorderPlaced, ReorderFulfilled],
  commands: [PlaceReorder, FulfilReorder],
  state: Schema.Union(Idle, Open),
  initial: Idle.make(),
  id: (command) => command.productId
})
  .evolve({
    ReorderPlaced: (state, { orderId, quantity }) =>
      state._tag === "Idle" ? { _tag: "Open", orderId, quantity } : state,
    ReorderFulfilled: (state, { orderId }) =>
      state._tag === "Open" && state.orderId === orderId ? { _tag: "Idle" } : state
  })
  .decide({
    PlaceReorder: ({ productId, quantity }, state, { id }) =>
      state._tag === "Open"
        ? []
        : [ReorderPlaced.make({ productId, orderId: OrderId.make(id(0)), quantity })],
    FulfilReorder: ({ orderId, productId }, state) =>
      state._tag === "Open" && state.orderId === orderId
        ? [ReorderFulfilled.make({ productId, orderId })]
        : new OrderNotOpen({ productId, orderId })
  })
