/** Orders of a few customers, sent one after the other: everybody has dealt with one before the next. */
import type { Aggregate } from "everfold"
import { CommandHandler, EventStore, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import { showMoney } from "../../Domain/Catalogue/Values.ts"
import { AddItem, ConfirmOrder, CreateOrder, ShipOrder } from "../../Domain/Ordering/Commands.ts"
import { Order } from "../../Domain/Ordering/Order.ts"
import { CustomerId, OrderId } from "../../Domain/Ordering/Values.ts"

/** A command to an order. */
export type Command = Aggregate.Command<typeof Order>

/** Sends a command and waits until everybody has dealt with what it led to. */
export const send = (command: Command) => Effect.tap(handle(command), () => Subscriptions.settled)

/** Sends a command under an id that is short, and the same in each run. */
export const handle = (command: Command) =>
  Effect.gen(function* () {
    const log = yield* EventStore.EventStore
    const commandId = `command-${(yield* log.head) + 1}`
    return yield* CommandHandler.handle(Order, command, { commandId })
  })

/** `ORDER-001` and so on. */
export const orderId = (number: number): OrderId => OrderId.make(`ORDER-${String(number).padStart(3, "0")}`)

/** Three customers; each order belongs to one of them. */
export const alice = { customerId: CustomerId.make("CUST-001"), customerName: "Alice Johnson" }
export const bob = { customerId: CustomerId.make("CUST-002"), customerName: "Bob Smith" }
export const zoe = { customerId: CustomerId.make("CUST-003"), customerName: "Zoë Ångström" }

/** Somebody begins an order in dollars. */
export const create = (number: number, customer: typeof alice) =>
  CreateOrder.make({ orderId: orderId(number), ...customer, currency: "USD" })

/** Somebody adds pieces of an item, whose price is in cents unless it says otherwise. */
export const add = (number: number, item: string, quantity: number, amount: number, currency = "USD") =>
  AddItem.make({ orderId: orderId(number), item, quantity, unitPrice: { amount, currency } })

/** Somebody confirms an order. */
export const confirm = (number: number) => ConfirmOrder.make({ orderId: orderId(number) })

/** Somebody hands it to a carrier. */
export const ship = (number: number, carrier: string, trackingNumber: string) =>
  ShipOrder.make({ orderId: orderId(number), carrier, trackingNumber })

/** An amount of cents as people in a shop write it: `$79.99`. */
export const dollars = (amount: number): string =>
  `$${showMoney({ amount, currency: "USD" }).replace(" USD", "")}`
