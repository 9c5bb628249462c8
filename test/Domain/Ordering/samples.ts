import {
  AddItem,
  CancelOrder,
  ConfirmOrder,
  CreateOrder,
  DeliverOrder,
  ShipOrder
} from "../../../src/Domain/Ordering/Commands.ts"
import {
  ItemAdded,
  OrderCancelled,
  OrderConfirmed,
  OrderCreated,
  OrderDelivered,
  OrderShipped
} from "../../../src/Domain/Ordering/Events.ts"
import { CustomerId, OrderId } from "../../../src/Domain/Ordering/Values.ts"

export const orderId = OrderId.make("ORDER-001")

export const usd = (amount: number) => ({ amount, currency: "USD" })

const order = {
  orderId,
  customerId: CustomerId.make("CUST-001"),
  customerName: "Alice Johnson",
  currency: "USD"
}
const item = { orderId, item: "Keyboard", quantity: 1, unitPrice: usd(7999) }
const shipment = { carrier: "FedEx", trackingNumber: "1234567890" }

export const create = (change: Partial<typeof CreateOrder.Type> = {}) =>
  CreateOrder.make({ ...order, ...change })
export const created = (change: Partial<typeof OrderCreated.Type> = {}) =>
  OrderCreated.make({ ...order, ...change })

export const add = (change: Partial<typeof AddItem.Type> = {}) => AddItem.make({ ...item, ...change })
export const added = (change: Partial<typeof ItemAdded.Type> = {}) => ItemAdded.make({ ...item, ...change })

export const confirm = (id = orderId) => ConfirmOrder.make({ orderId: id })
export const confirmed = (id = orderId) => OrderConfirmed.make({ orderId: id })

export const ship = (id = orderId) => ShipOrder.make({ orderId: id, ...shipment })
export const shipped = (id = orderId) => OrderShipped.make({ orderId: id, ...shipment })

export const deliver = (id = orderId) => DeliverOrder.make({ orderId: id })
export const delivered = (id = orderId) => OrderDelivered.make({ orderId: id })

export const cancel = (reason = "too late") => CancelOrder.make({ orderId, reason })
export const cancelled = (reason = "too late") => OrderCancelled.make({ orderId, reason })
