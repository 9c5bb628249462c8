import { Aggregate } from "everfold"
import * as Either from "effect/Either"
import { describe, expect, expectTypeOf, it } from "vitest"
import { CancelOrder } from "../../../src/Domain/Ordering/Commands.ts"
import { OrderCancelled } from "../../../src/Domain/Ordering/Events.ts"
import { Order } from "../../../src/Domain/Ordering/Order.ts"
import {
  EmptyOrder,
  OrderAlreadyExists,
  OtherCurrency,
  TotalTooLarge,
  UnknownOrder,
  WrongStatus
} from "../../../src/Domain/Ordering/Rejections.ts"
import type { Status } from "../../../src/Domain/Ordering/Values.ts"
import {
  add,
  added,
  cancel,
  cancelled,
  confirm,
  confirmed,
  create,
  created,
  deliver,
  delivered,
  orderId,
  ship,
  shipped,
  usd
} from "./samples.ts"

type Events = ReadonlyArray<Aggregate.Event<typeof Order>>

const given = (events: Events) => Aggregate.given(Order, ...events)

/** What leads to each status. */
const histories: Readonly<Record<Status, Events>> = {
  created: [created(), added()],
  confirmed: [created(), added(), confirmed()],
  shipped: [created(), added(), confirmed(), shipped()],
  delivered: [created(), added(), confirmed(), shipped(), delivered()],
  cancelled: [created(), added(), cancelled()]
}
const statuses: ReadonlyArray<Status> = ["created", "confirmed", "shipped", "delivered", "cancelled"]

describe("CreateOrder", () => {
  it("begins an order", () => {
    expect(given([]).when(create())).toEqual(Either.right([created()]))
  })

  it("refuses an id that is taken", () => {
    expect(given(histories.cancelled).when(create())).toEqual(
      Either.left(new OrderAlreadyExists({ orderId }))
    )
  })
})

describe("AddItem", () => {
  it("adds a line each time", () => {
    expect(given([created()]).when(add())).toEqual(Either.right([added()]))
    expect(given([created(), added()]).when(add())).toEqual(Either.right([added()]))
  })

  it("refuses another currency", () => {
    const unitPrice = { amount: 7999, currency: "EUR" }
    expect(given([created()]).when(add({ unitPrice }))).toEqual(
      Either.left(new OtherCurrency({ orderId, currency: "EUR", needed: "USD" }))
    )
  })

  it("refuses a total that could not be counted exactly, and no smaller one", () => {
    const most = Number.MAX_SAFE_INTEGER
    const almost = [created(), added({ unitPrice: usd(most - 2) })]
    expect(given(almost).when(add({ quantity: 2, unitPrice: usd(1) }))).toEqual(
      Either.right([added({ quantity: 2, unitPrice: usd(1) })])
    )
    const refused = Either.left(new TotalTooLarge({ orderId }))
    expect(given(almost).when(add({ quantity: 3, unitPrice: usd(1) }))).toEqual(refused)
    expect(given([created()]).when(add({ quantity: most, unitPrice: usd(most) }))).toEqual(refused)
  })
})

describe("ConfirmOrder", () => {
  it("refuses an order without items", () => {
    expect(given([created()]).when(confirm())).toEqual(Either.left(new EmptyOrder({ orderId })))
  })
})

describe("CancelOrder", () => {
  it("may say why, or not", () => {
    expect(given(histories.created).when(cancel("too dear"))).toEqual(Either.right([cancelled("too dear")]))
    expect(given(histories.created).when(CancelOrder.make({ orderId }))).toEqual(
      Either.right([OrderCancelled.make({ orderId })])
    )
  })
})

describe("an order that is", () => {
  const nothing: Events = []
  const plans = [
    ["adding an item", add(), ["created"], {}, added()],
    ["confirming", confirm(), ["created"], { confirmed: nothing }, confirmed()],
    ["shipping", ship(), ["confirmed"], {}, shipped()],
    ["delivery", deliver(), ["shipped"], { delivered: nothing }, delivered()],
    ["cancelling", cancel(), ["created", "confirmed"], { cancelled: nothing }, cancelled()]
  ] as const

  for (const [what, command, needed, already, event] of plans) {
    for (const status of statuses) {
      const expected = needed.some((one) => one === status)
        ? Either.right([event])
        : status in already
          ? Either.right([])
          : Either.left(new WrongStatus({ orderId, status, needed }))
      it(`${status}: ${what} ${Either.isLeft(expected) ? "is refused" : `leads to ${expected.right.length}`}`, () => {
        expect(given(histories[status]).when(command)).toEqual(expected)
      })
    }

    it(`unknown: ${what} is refused`, () => {
      expect(given([]).when(command)).toEqual(Either.left(new UnknownOrder({ orderId })))
    })
  }
})

describe("the state", () => {
  const after = (...events: Events) => Aggregate.replay(Order, events)

  it.each(statuses)("is %s", (status) => {
    expect(after(...histories[status])).toEqual({
      _tag: "Placed",
      status,
      currency: "USD",
      items: 1,
      total: 7999
    })
  })

  it("adds up", () => {
    const mice = added({ item: "Mouse", quantity: 3, unitPrice: usd(3999) })
    expect(after(created(), added(), mice)).toMatchObject({ items: 2, total: 7999 + 3 * 3999 })
  })

  it("is not changed by an event that cannot have happened", () => {
    expect(after(added(), confirmed(), shipped(), delivered(), cancelled())).toEqual({ _tag: "Absent" })
    expect(after(created(), created({ currency: "EUR" }))).toEqual(after(created()))
  })
})

describe("messages", () => {
  it("are sentences", () => {
    expect([
      new OrderAlreadyExists({ orderId }).message,
      new UnknownOrder({ orderId }).message,
      new WrongStatus({ orderId, status: "shipped", needed: ["created", "confirmed"] }).message,
      new EmptyOrder({ orderId }).message,
      new OtherCurrency({ orderId, currency: "EUR", needed: "USD" }).message,
      new TotalTooLarge({ orderId }).message
    ]).toEqual([
      "order ORDER-001 exists already",
      "there is no order ORDER-001",
      "order ORDER-001 is shipped, not created or confirmed",
      "order ORDER-001 has no items",
      "order ORDER-001 is in USD, not in EUR",
      "the total of order ORDER-001 would be too large to be exact"
    ])
  })
})

describe("types", () => {
  type Refusal<C extends Aggregate.Command<typeof Order>> = Aggregate.RejectionOf<typeof Order, C>

  it("know the rejections of each command", () => {
    expectTypeOf<Refusal<ReturnType<typeof create>>>().toEqualTypeOf<OrderAlreadyExists>()
    expectTypeOf<Refusal<ReturnType<typeof add>>>().toEqualTypeOf<
      UnknownOrder | WrongStatus | OtherCurrency | TotalTooLarge
    >()
    expectTypeOf<Refusal<ReturnType<typeof confirm>>>().toEqualTypeOf<
      UnknownOrder | WrongStatus | EmptyOrder
    >()
    expectTypeOf<Refusal<ReturnType<typeof ship>>>().toEqualTypeOf<UnknownOrder | WrongStatus>()
    expectTypeOf<Refusal<ReturnType<typeof deliver>>>().toEqualTypeOf<UnknownOrder | WrongStatus>()
    expectTypeOf<Refusal<ReturnType<typeof cancel>>>().toEqualTypeOf<UnknownOrder | WrongStatus>()
  })
})
