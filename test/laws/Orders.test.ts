import { Aggregate, Projection } from "everfold"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { expect, it } from "vitest"
import {
  AddItem,
  CancelOrder,
  ConfirmOrder,
  CreateOrder,
  DeliverOrder,
  ShipOrder
} from "../../src/Domain/Ordering/Commands.ts"
import { Order } from "../../src/Domain/Ordering/Order.ts"
import { OrderIndex } from "../../src/Domain/Ordering/OrderIndex.ts"
import { OrderSummary } from "../../src/Domain/Ordering/OrderSummary.ts"
import { CustomerId, OrderId } from "../../src/Domain/Ordering/Values.ts"

const { array, assert, constant, constantFrom, integer, oneof, property, record } = FastCheck

// Two orders and few amounts: so that commands meet each other. Some amounts are as large as can be.
const orderId = constantFrom("a", "b").map((id) => OrderId.make(id))
const customer = {
  customerId: constant(CustomerId.make("CUST-001")),
  customerName: constant("Alice"),
  currency: constantFrom("USD", "USD", "USD", "EUR")
}
const item = {
  item: constantFrom("Keyboard", "Mouse"),
  quantity: oneof(integer({ min: 1, max: 5 }), constant(2 ** 30)),
  unitPrice: record({
    amount: oneof(integer({ min: 1, max: 9999 }), constant(2 ** 30)),
    currency: constantFrom("USD", "USD", "USD", "EUR")
  })
}
const shipment = { carrier: constant("FedEx"), trackingNumber: constant("1234567890") }

const command = oneof(
  { weight: 2, arbitrary: record({ orderId, ...customer }).map((fields) => CreateOrder.make(fields)) },
  { weight: 4, arbitrary: record({ orderId, ...item }).map((fields) => AddItem.make(fields)) },
  { weight: 3, arbitrary: record({ orderId }).map((fields) => ConfirmOrder.make(fields)) },
  { weight: 3, arbitrary: record({ orderId, ...shipment }).map((fields) => ShipOrder.make(fields)) },
  { weight: 3, arbitrary: record({ orderId }).map((fields) => DeliverOrder.make(fields)) },
  { weight: 1, arbitrary: record({ orderId }).map((fields) => CancelOrder.make(fields)) }
)

type Command = Aggregate.Command<typeof Order>
type Event = Aggregate.Event<typeof Order>

const about = (events: ReadonlyArray<Event>, id: string) => events.filter(({ orderId }) => orderId === id)

const shares = new Map<string, number>()
const count = (what: string) => shares.set(what, (shares.get(what) ?? 0) + 1)

/** What commands lead to, one after the other. */
const live = (commands: ReadonlyArray<Command>): ReadonlyArray<Event> => {
  const log: Array<Event> = []
  for (const one of commands) {
    const decision = Aggregate.given(Order, ...about(log, one.orderId)).when(one)
    log.push(...Either.getOrElse(decision, () => []))
    count(Either.isLeft(decision) ? decision.left._tag : (decision.right[0]?._tag ?? "nothing to do"))
  }
  return log
}

/** As one word: creation, items, confirmation, shipping, delivery, cancelling. */
const letters: { readonly [Tag in Event["_tag"]]: string } = {
  OrderCreated: "n",
  ItemAdded: "i",
  OrderConfirmed: "c",
  OrderShipped: "s",
  OrderDelivered: "d",
  OrderCancelled: "x"
}

/** In exact arithmetic, whatever the sizes. */
const sum = (events: ReadonlyArray<Event>): bigint =>
  events.reduce(
    (total, event) =>
      event._tag === "ItemAdded" ? total + BigInt(event.quantity) * BigInt(event.unitPrice.amount) : total,
    0n
  )

const commands = array(command, { minLength: 10, maxLength: 60, size: "max" })

it("whatever commands come: no item after confirmation, no shipping before it, no way back", () => {
  assert(
    property(commands, (commands) => {
      const log = live(commands)
      for (const id of ["a", "b"]) {
        const history = about(log, id)
        const word = history.map(({ _tag }) => letters[_tag]).join("")
        expect(word).toMatch(/^(ni*x?|ni+c(x|s?|sd))?$/)
        const currencies = history.flatMap((event) =>
          event._tag === "OrderCreated"
            ? [event.currency]
            : event._tag === "ItemAdded"
              ? [event.unitPrice.currency]
              : []
        )
        expect(new Set(currencies).size).toBeLessThanOrEqual(1)
      }
    }),
    { numRuns: 300 }
  )
  console.log([...shares].map(([what, times]) => `${times} ${what}`).join(", "))
  const reached = [
    ...["OrderCreated", "ItemAdded", "OrderConfirmed", "OrderShipped", "OrderDelivered", "OrderCancelled"],
    ...["OrderAlreadyExists", "UnknownOrder", "WrongStatus", "EmptyOrder", "OtherCurrency", "TotalTooLarge"],
    "nothing to do"
  ]
  expect([...shares.keys()].sort()).toEqual(reached.sort())
})

it("whatever commands come: the total is the sum of the items, in the state and in the row", () => {
  assert(
    property(commands, (commands) => {
      const log = live(commands)
      const summaries = Projection.run(OrderSummary, log)
      const index = Projection.run(
        OrderIndex,
        log.filter((event) => event._tag !== "ItemAdded")
      )
      for (const id of ["a", "b"]) {
        const history = about(log, id)
        const state = Aggregate.replay(Order, history)
        const row = summaries.get(id)
        if (state._tag === "Absent") {
          expect([history, row, index.get(id)]).toEqual([[], undefined, undefined])
          continue
        }
        expect(BigInt(state.total)).toBe(sum(history))
        expect(row?.total).toBe(state.total)
        expect(row?.items.map(({ amount }) => BigInt(amount)).reduce((a, b) => a + b, 0n)).toBe(sum(history))
        expect(row).toMatchObject({ status: state.status, currency: state.currency })
        expect(row?.items).toHaveLength(state.items)
        expect(index.get(id)?.status).toBe(state.status)
      }
    })
  )
})
