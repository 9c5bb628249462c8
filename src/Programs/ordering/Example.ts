/** The order that the example is about: its events as they come, and then its summary. */
import { Subscriber } from "everfold"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { DeliverOrder } from "../../Domain/Ordering/Commands.ts"
import { Order } from "../../Domain/Ordering/Order.ts"
import type { Item, Row } from "../../Domain/Ordering/OrderSummary.ts"
import { getOrder } from "../../Services/Ordering/Queries.ts"
import { say, section } from "../Terminal.ts"
import { add, alice, confirm, create, dollars, orderId, send, ship } from "./Orders.ts"

/** Makes ORDER-001, and prints what the example prints. */
export const tell = Effect.gen(function* () {
  yield* Console.log("")
  yield* banner("CQRS Projection Example: Order Read Models")
  yield* Console.log("\nProcessing events...\n")
  yield* Effect.provide(processing, Subscriber.layer(Ticker))
  yield* Console.log("")
  yield* banner("Querying Read Models")
  yield* Console.log("")
  const { row } = yield* getOrder(orderId(1))
  if (Option.isSome(row)) yield* Effect.zipRight(summary(row.value), remark(row.value))
})

// internal

const processing = Effect.forEach(
  [
    create(1, alice),
    add(1, "Wireless Keyboard", 1, 7999),
    add(1, "Mouse", 1, 3999),
    confirm(1),
    ship(1, "FedEx", "1234567890"),
    DeliverOrder.make({ orderId: orderId(1) })
  ],
  send
)

const Ticker = Subscriber.make("ticker", { events: Order.events }).on({
  OrderCreated: ({ customerName, orderId }) => Console.log(`✓ Order created: ${orderId} for ${customerName}`),
  ItemAdded: ({ item, quantity, unitPrice }) =>
    Console.log(`  ✓ Item added: ${item} (x${quantity} @ ${dollars(unitPrice.amount)})`),
  OrderConfirmed: () => Console.log("✓ Order confirmed"),
  OrderShipped: ({ carrier, trackingNumber }) =>
    Console.log(`✓ Order shipped via ${carrier} (${trackingNumber})`),
  OrderDelivered: () => Console.log("✓ Order delivered"),
  OrderCancelled: () => Console.log("✓ Order cancelled")
})

const rule = "=".repeat(60)

const banner = (title: string) => Console.log(`${rule}\n${title}\n${rule}`)

const summary = (row: Row) =>
  Effect.gen(function* () {
    yield* banner(`Order Summary: ${row.orderId}`)
    yield* Console.log(`Customer: ${row.customerName} (${row.customerId})`)
    yield* Console.log(`Status: ${row.status.toUpperCase()}\n\nItems:`)
    yield* Effect.forEach(row.items, (item) => Console.log(`  ${line(item)}`))
    yield* Console.log(`\nTotal: ${dollars(row.total)}`)
    yield* Console.log(`Shipping: ${row.carrier} (Tracking: ${row.trackingNumber})\n${rule}`)
  })

const line = ({ amount, name, quantity, unitPrice }: Item) =>
  `${name} x${quantity} @ ${dollars(unitPrice)} = ${dollars(amount)}`

/** The sum as the example would have had it: in fractions that are binary. */
const remark = ({ items, total }: Row) => {
  const sum = items.map(({ amount }) => dollars(amount)).join(" + ")
  const fractions = items.reduce((sum, { amount }) => sum + amount / 100, 0)
  return Effect.zipRight(
    section("The total"),
    say(
      `The example that this grew from has $269.97 there, by mistake: the sum is`,
      `${sum} = ${dollars(total)}. In fractions, as the example counts, it would`,
      `be ${fractions}; here cents are counted.`
    )
  )
}
