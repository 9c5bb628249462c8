/** What an order refuses, and what can be asked about orders. */
import { ReadModel } from "everfold"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { CancelOrder } from "../../Domain/Ordering/Commands.ts"
import { OrderSummary } from "../../Domain/Ordering/OrderSummary.ts"
import type { Row } from "../../Domain/Ordering/OrderSummary.ts"
import { findOrders, getOrder, ordersByStatus, ordersOfCustomer } from "../../Services/Ordering/Queries.ts"
import { section, table } from "../Terminal.ts"
import type { Command } from "./Orders.ts"
import { add, alice, bob, confirm, create, dollars, handle, orderId, send, ship, zoe } from "./Orders.ts"

/** Makes more orders, asks of them what cannot be, and then what there is. */
export const tell = Effect.gen(function* () {
  yield* Effect.forEach(
    [create(2, bob), add(2, "USB Cable", 3, 500), add(2, "USB Hub", 1, 2000), confirm(2)],
    send
  )
  yield* Effect.forEach([ship(2, "UPS", "1Z-42"), create(3, alice), create(4, zoe)], send)
  yield* refusals
  yield* Effect.forEach([add(3, "Desk Lamp", 1, 4990), CancelOrder.make({ orderId: orderId(4) })], send)
  yield* questions
})

// internal

const refusals = Effect.gen(function* () {
  yield* section("What an order refuses")
  const asked: ReadonlyArray<readonly [what: string, command: Command]> = [
    ["an item after delivery", add(1, "Mouse Pad", 1, 999)],
    ["an item in euros", add(3, "Desk Lamp", 1, 4590, "EUR")],
    ["confirming nothing", confirm(3)],
    ["shipping before that", ship(3, "DHL", "JD-7")],
    ["cancelling on its way", CancelOrder.make({ orderId: orderId(2) })],
    ["an id that is taken", create(1, bob)],
    ["an order nobody made", confirm(9)]
  ]
  yield* table(
    yield* Effect.forEach(asked, ([what, command]) => Effect.map(answer(command), (why) => [what, why]))
  )
})

const answer = (command: Command) =>
  Effect.as(handle(command), "accepted").pipe(
    Effect.catchTag(
      "EmptyOrder",
      "OrderAlreadyExists",
      "OtherCurrency",
      "TotalTooLarge",
      "UnknownOrder",
      "WrongStatus",
      ({ message }) => Effect.succeed(message)
    )
  )

const questions = Effect.gen(function* () {
  yield* section("What can be asked")
  const { row } = yield* getOrder(orderId(2))
  const shipped = yield* ordersByStatus("shipped")
  const ofAlice = yield* ordersOfCustomer(alice.customerId)
  const found = yield* findOrders("åNGS")
  const { count } = yield* ReadModel.count(OrderSummary)
  yield* table([
    ...lines("by id: ORDER-002", Option.toArray(row)),
    ...lines("by status: shipped", shipped.rows),
    ...lines("by customer: CUST-001", ofAlice.rows),
    ...found.rows.map(({ customerName, orderId, status }) => [
      "by text: åNGS",
      orderId,
      customerName,
      status
    ]),
    ["how many", `${count} orders`]
  ])
})

const lines = (question: string, rows: ReadonlyArray<Row>) =>
  rows.map(({ customerName, orderId, status, total }, index) => [
    index === 0 ? question : "",
    orderId,
    customerName,
    status,
    dollars(total)
  ])
