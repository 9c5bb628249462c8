import { describe, expect, it } from "@effect/vitest"
import { CommandHandler, SubscriptionControl, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Stock } from "../../../src/Domain/Allocation/Stock.ts"
import { Sku } from "../../../src/Domain/Allocation/Values.ts"
import * as ConsoleNotifier from "../../../src/Layers/Allocation/ConsoleNotifier.ts"
import * as Allocation from "../../../src/Layers/Allocation/Module.ts"
import { OutOfStockNotice } from "../../../src/Layers/Allocation/OutOfStockNotice.ts"
import { allocationsOf, batchesOf } from "../../../src/Services/Allocation/Queries.ts"
import { allocate, changeQuantity, createBatch, order, sku } from "../../Domain/Allocation/samples.ts"
import { printing } from "../Catalogue/App.ts"
import { folder, hurry, sqliteIn, stacks } from "../Stacks.ts"
import * as App from "./App.ts"

const handle = CommandHandler.handle

describe.each(stacks)("allocation on $name", ({ layer }) => {
  const running = <A, E>(program: Effect.Effect<A, E, App.Services>) => Effect.provide(program, App.on(layer))

  it.effect("allocate: happy path", () =>
    running(
      Effect.gen(function* () {
        yield* handle(Stock, createBatch("b1", 100))
        const receipt = yield* handle(Stock, allocate("o1", 10))
        const { rows } = yield* batchesOf(sku, { atLeast: receipt })
        expect(rows[0]?.available).toBe(90)
      })
    )
  )

  it.effect("out of stock: sends notification", () =>
    running(
      Effect.gen(function* () {
        yield* handle(Stock, createBatch("b1", 5))
        yield* handle(Stock, allocate("o1", 10)) // More than available.
        yield* Subscriptions.settled
        const notifications = yield* App.notices
        expect(notifications.length).toBe(1)
        expect(notifications[0]?.subject).toContain("LAMP")
      })
    )
  )

  it.effect("sends the notice that the seed sends, with a key, once until there is more", () =>
    running(
      Effect.gen(function* () {
        yield* handle(Stock, createBatch("b1", 5))
        yield* handle(Stock, allocate("o1", 10), { commandId: "first" })
        yield* handle(Stock, allocate("o1", 10))
        yield* handle(Stock, allocate("o2", 20))
        yield* handle(Stock, changeQuantity("b1", 6))
        yield* handle(Stock, allocate("o2", 20), { commandId: "second" })
        yield* handle(Stock, allocate("o3", 20))
        yield* Subscriptions.settled
        const notice = {
          to: "stock@example.com",
          subject: "Out of stock: LAMP",
          body: "The SKU LAMP is out of stock."
        }
        expect(yield* App.notices).toEqual([
          { ...notice, key: "first#0/out-of-stock-notice" },
          { ...notice, key: "second#0/out-of-stock-notice" }
        ])
      })
    )
  )

  it.effect("sends a notice under the same key when it is sent again", () =>
    running(
      Effect.gen(function* () {
        yield* handle(Stock, createBatch("b1", 5))
        yield* handle(Stock, allocate("o1", 10))
        yield* Subscriptions.settled
        yield* SubscriptionControl.moveTo(OutOfStockNotice, 0)
        yield* Subscriptions.settled
        const [first, second, ...others] = yield* App.notices
        expect(second).toEqual(first)
        expect(others).toEqual([])
      })
    )
  )

  it.effect("tells the batch in the receipt, and shows orders and batches", () =>
    running(
      Effect.gen(function* () {
        yield* handle(Stock, createBatch("ship", 50, { eta: "2026-03-01" }))
        yield* handle(Stock, createBatch("shelf", 20))
        const { events } = yield* handle(Stock, allocate("o1", 15))
        expect(events.map(({ event }) => event)).toMatchObject([{ _tag: "Allocated", batchRef: "shelf" }])
        yield* handle(Stock, createBatch("b1", 5, { eta: "2027-01-01" }))
        const shrunk = yield* handle(Stock, changeQuantity("shelf", 7))
        expect(shrunk.events.map(({ event, version }) => [version, event._tag])).toEqual([
          [5, "Deallocated"],
          [6, "BatchQuantityChanged"],
          [7, "Allocated"]
        ])
        const found = yield* allocationsOf(order("o1"), { atLeast: shrunk })
        expect(found.rows).toEqual([{ orderId: "o1", sku, quantity: 15, batchRef: "ship" }])
        expect((yield* allocationsOf(order("o2"))).rows).toEqual([])
        const { rows } = yield* batchesOf(sku, { atLeast: shrunk })
        expect(rows.map(({ available, batchRef }) => [batchRef, available])).toEqual([
          ["shelf", 7],
          ["ship", 35],
          ["b1", 5]
        ])
        expect((yield* batchesOf(Sku.make("DESK"))).rows).toEqual([])
      })
    )
  )

  it.effect("refuses an unknown sku with a type, and says nothing of it", () =>
    running(
      Effect.gen(function* () {
        const refused = yield* Effect.flip(handle(Stock, allocate("o1", 10)))
        expect(refused._tag).toBe("UnknownSku")
        yield* Subscriptions.settled
        expect(yield* App.notices).toEqual([])
      })
    )
  )

  it.effect("prints notices where that is wanted", () =>
    printing((lines) =>
      Effect.gen(function* () {
        yield* handle(Stock, createBatch("b1", 5))
        yield* handle(Stock, allocate("o1", 10))
        yield* Subscriptions.settled
        expect(lines).toEqual(["[MAIL] to stock@example.com: Out of stock: LAMP"])
      }).pipe(
        Effect.provide(Allocation.layer.pipe(Layer.provide(ConsoleNotifier.layer), Layer.provideMerge(layer)))
      )
    )
  )
})

it.scoped("sends one notice when two programs run allocation on the same files", () =>
  Effect.gen(function* () {
    const directory = yield* folder
    const one = yield* Layer.build(App.on(sqliteIn(directory)))
    const other = yield* Layer.build(App.on(sqliteIn(directory)))
    yield* hurry
    yield* Effect.provide(handle(Stock, createBatch("b1", 5)), one)
    yield* Effect.provide(handle(Stock, allocate("o1", 10)), one)
    yield* Effect.provide(handle(Stock, allocate("o2", 10)), other)
    for (const program of [one, other]) yield* Effect.provide(Subscriptions.settled, program)
    const sent = yield* Effect.forEach([one, other], (program) => Effect.provide(App.notices, program))
    expect(sent.flat().length).toBe(1)
  })
)
