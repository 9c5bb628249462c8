/** An order: how far it has got, what it comes to, and what may be done with it. */
import { Aggregate } from "everfold"
import * as Schema from "effect/Schema"
import { Currency } from "../Catalogue/Values.ts"
import { AddItem, CancelOrder, ConfirmOrder, CreateOrder, DeliverOrder, ShipOrder } from "./Commands.ts"
import {
  ItemAdded,
  OrderCancelled,
  OrderConfirmed,
  OrderCreated,
  OrderDelivered,
  OrderShipped
} from "./Events.ts"
import {
  EmptyOrder,
  OrderAlreadyExists,
  OtherCurrency,
  TotalTooLarge,
  UnknownOrder,
  WrongStatus
} from "./Rejections.ts"
import type { OrderId } from "./Values.ts"
import { amountOf, Status } from "./Values.ts"

/** Nobody has created it. */
const Absent = Schema.TaggedStruct("Absent", {})

/** What decisions depend on. */
const Placed = Schema.TaggedStruct("Placed", {
  status: Status,
  currency: Currency,
  /** How many lines it has. */
  items: Schema.Int,
  /** In the smallest unit of the currency. */
  total: Schema.Int
})

const State = Schema.Union(Absent, Placed)

/** One order. Its stream is `Order-<orderId>`. What is so already is nothing to do; a second parcel is refused. */
export const Order = Aggregate.make("Order", {
  events: [OrderCreated, ItemAdded, OrderConfirmed, OrderShipped, OrderDelivered, OrderCancelled],
  commands: [CreateOrder, AddItem, ConfirmOrder, ShipOrder, DeliverOrder, CancelOrder],
  state: State,
  initial: Absent.make(),
  id: (command) => command.orderId
})
  .evolve({
    OrderCreated: (state, { currency }) =>
      state._tag === "Absent" ? { _tag: "Placed", status: "created", currency, items: 0, total: 0 } : state,
    ItemAdded: (state, event) =>
      state._tag === "Placed"
        ? { ...state, items: state.items + 1, total: state.total + amountOf(event) }
        : state,
    OrderConfirmed: (state) => moved(state, "confirmed"),
    OrderShipped: (state) => moved(state, "shipped"),
    OrderDelivered: (state) => moved(state, "delivered"),
    OrderCancelled: (state) => moved(state, "cancelled")
  })
  .decide({
    CreateOrder: (command, state) =>
      state._tag === "Absent"
        ? [OrderCreated.make({ ...command })]
        : new OrderAlreadyExists({ orderId: command.orderId }),
    AddItem: (command, state) => {
      const { orderId, unitPrice } = command
      const order = placed(state, orderId, "created")
      if (order._tag !== "Placed") return order
      if (unitPrice.currency !== order.currency)
        return new OtherCurrency({ orderId, currency: unitPrice.currency, needed: order.currency })
      return Number.isSafeInteger(order.total + amountOf(command))
        ? [ItemAdded.make({ ...command })]
        : new TotalTooLarge({ orderId })
    },
    ConfirmOrder: ({ orderId }, state) => {
      if (is(state, "confirmed")) return []
      const order = placed(state, orderId, "created")
      if (order._tag !== "Placed") return order
      return order.items === 0 ? new EmptyOrder({ orderId }) : [OrderConfirmed.make({ orderId })]
    },
    ShipOrder: (command, state) => {
      const order = placed(state, command.orderId, "confirmed")
      return order._tag === "Placed" ? [OrderShipped.make({ ...command })] : order
    },
    DeliverOrder: ({ orderId }, state) => {
      if (is(state, "delivered")) return []
      const order = placed(state, orderId, "shipped")
      return order._tag === "Placed" ? [OrderDelivered.make({ orderId })] : order
    },
    CancelOrder: (command, state) => {
      if (is(state, "cancelled")) return []
      const order = placed(state, command.orderId, "created", "confirmed")
      return order._tag === "Placed" ? [OrderCancelled.make({ ...command })] : order
    }
  })

// internal

type State = typeof State.Type

const moved = (state: State, status: Status): State =>
  state._tag === "Placed" ? { ...state, status } : state

const is = (state: State, status: Status): boolean => state._tag === "Placed" && state.status === status

/** The order, if it is in one of these statuses. */
const placed = (state: State, orderId: OrderId, ...needed: ReadonlyArray<Status>) => {
  if (state._tag === "Absent") return new UnknownOrder({ orderId })
  const { status } = state
  return needed.includes(status) ? state : new WrongStatus({ orderId, status, needed })
}
