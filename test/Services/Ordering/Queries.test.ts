import { describe, expect, it } from "@effect/vitest"
import { CommandHandler, Projector, ReadModel, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { join } from "node:path"
import { Order } from "../../../src/Domain/Ordering/Order.ts"
import { OrderSummary } from "../../../src/Domain/Ordering/OrderSummary.ts"
import { CustomerId, OrderId } from "../../../src/Domain/Ordering/Values.ts"
import * as SqliteReadModel from "../../../src/Layers/sqlite/SqliteReadModel.ts"
import * as Ordering from "../../../src/Layers/Ordering/Module.ts"
import {
  findOrders,
  getOrder,
  ordersByStatus,
  ordersOfCustomer
} from "../../../src/Services/Ordering/Queries.ts"
import { add, confirm, create } from "../../Domain/Ordering/samples.ts"
import { open } from "../../Layers/sqlite/readDatabases.ts"
import { folder, sqliteIn, stacks } from "../../Layers/Stacks.ts"

const handle = CommandHandler.handle

const order = (number: number) => OrderId.make(`ORDER-${number}`)
const customer = (number: number) => CustomerId.make(`CUST-${number}`)

/** Orders 1 to 6 of customers 0, 1 and 2 in turn; each second one is confirmed. */
const fill = Effect.forEach([6, 5, 4, 3, 2, 1], (number) =>
  Effect.gen(function* () {
    const orderId = order(number)
    const names = ["Äbby", "Bob", "ボブ"]
    const customerName = names[number % 3] ?? ""
    yield* handle(Order, create({ orderId, customerId: customer(number % 3), customerName }))
    yield* handle(Order, add({ orderId }))
    if (number % 2 === 0) yield* handle(Order, confirm(orderId))
  })
).pipe(Effect.zipRight(Subscriptions.settled))

const ids = ({ rows }: { readonly rows: ReadonlyArray<{ readonly orderId: string }> }) =>
  rows.map(({ orderId }) => orderId)

describe.each(stacks)("queries on $name", ({ layer }) => {
  const app = Layer.provideMerge(Ordering.layer, layer)

  it.effect("find an order by its id, at once if asked to", () =>
    Effect.gen(function* () {
      expect((yield* getOrder(order(1))).row).toEqual(Option.none())
      yield* handle(Order, create({ orderId: order(1) }))
      const atLeast = yield* handle(Order, add({ orderId: order(1) }))
      const { row } = yield* getOrder(order(1), { atLeast })
      expect(row).toMatchObject(Option.some({ orderId: "ORDER-1", status: "created", total: 7999 }))
    }).pipe(Effect.provide(app))
  )

  it.effect("find orders by status and by customer, in the order of their ids", () =>
    Effect.gen(function* () {
      yield* fill
      expect(ids(yield* ordersByStatus("confirmed"))).toEqual(["ORDER-2", "ORDER-4", "ORDER-6"])
      expect(ids(yield* ordersByStatus("created"))).toEqual(["ORDER-1", "ORDER-3", "ORDER-5"])
      expect(ids(yield* ordersByStatus("shipped"))).toEqual([])
      expect(ids(yield* ordersOfCustomer(customer(1)))).toEqual(["ORDER-1", "ORDER-4"])
      expect(ids(yield* ordersOfCustomer(customer(7)))).toEqual([])
    }).pipe(Effect.provide(app))
  )

  it.effect("give each order once, page by page", () =>
    Effect.gen(function* () {
      yield* fill
      const first = yield* ordersByStatus("confirmed", { limit: 2 })
      expect(ids(first)).toEqual(["ORDER-2", "ORDER-4"])
      const second = yield* ordersByStatus("confirmed", { limit: 2, after: Option.getOrThrow(first.next) })
      expect([ids(second), second.next]).toEqual([["ORDER-6"], Option.none()])
    }).pipe(Effect.provide(app))
  )

  it.effect.each([
    ["äbby", ["ORDER-3", "ORDER-6"]],
    ["ボ", ["ORDER-2", "ORDER-5"]],
    ["order-4", ["ORDER-4"]],
    ["CUST", []]
  ] as const)("find orders by a text: %s", ([text, found]) =>
    Effect.gen(function* () {
      yield* fill
      expect(ids(yield* findOrders(text))).toEqual(found)
    }).pipe(Effect.provide(app))
  )
})

/** What the read model on SQLite asks its database, and how that goes about it. */
const plansOf = <A, E, R>(directory: string, query: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const database = yield* open(join(directory, "read.db"))
    const plans: Array<ReadonlyArray<string>> = []
    const model = SqliteReadModel.make({
      ...database,
      read: (statement, params) =>
        Effect.gen(function* () {
          const steps = yield* database.read(`explain query plan ${statement}`, params)
          plans.push(steps.map((step) => String(step[3])))
          return yield* database.read(statement, params)
        })
    })
    yield* Effect.provideService(query, ReadModel.ReadModel, model)
    return plans
  })

const by = (field: string) => `rows of order-summary by ${field} (generation=? AND <expr>>? AND <expr><?)`

it.scopedLive.each([
  ["an id", Effect.asVoid(getOrder(order(1))), "PRIMARY KEY (generation=? AND key=?)"],
  ["a status", Effect.asVoid(ordersByStatus("confirmed")), `INDEX ${by("status")}`],
  ["a customer", Effect.asVoid(ordersOfCustomer(customer(1))), `INDEX ${by("customerId")}`]
] as const)("on SQLite, %s is looked up in an index, and nothing is sorted", ([, query, plan]) =>
  Effect.gen(function* () {
    const directory = yield* folder
    const plans = yield* Effect.provide(
      Effect.zipRight(fill, plansOf(directory, query)),
      Layer.provideMerge(Projector.layer(OrderSummary), sqliteIn(directory))
    )
    expect(plans).toHaveLength(1)
    const steps = plans.flat()
    const at = steps.findIndex((step) => step.startsWith("SEARCH rows"))
    expect(steps[at]).toContain(`USING ${plan}`)
    // Nothing comes after it, such as a sort, and nothing is read from end to end.
    expect(steps.slice(at)).toHaveLength(1)
    expect(steps.filter((step) => step.startsWith("SCAN"))).toEqual([])
  })
)
