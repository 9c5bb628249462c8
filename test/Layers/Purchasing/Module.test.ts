import { describe, expect, it } from "@effect/vitest"
import { CommandHandler, History, Metadata, ReadModel, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Product } from "../../../src/Domain/Catalogue/Product.ts"
import { FulfilReorder } from "../../../src/Domain/Purchasing/Commands.ts"
import { OpenOrder } from "../../../src/Domain/Purchasing/OpenOrder.ts"
import { Reorder } from "../../../src/Domain/Purchasing/Reorder.ts"
import { OrderId } from "../../../src/Domain/Purchasing/Values.ts"
import { create, productId, updateStock } from "../../Domain/Catalogue/samples.ts"
import * as App from "../Catalogue/App.ts"
import { stacks } from "../Stacks.ts"

const handle = CommandHandler.handle
const orders = Effect.map(History.of(Reorder, productId), (history) =>
  history.map(({ event, metadata }) => ({ event, metadata }))
)

describe.each(stacks)("purchasing on $name", ({ layer }) => {
  const quietly = <A, E>(program: Effect.Effect<A, E, App.Services>) =>
    App.printing(() => Effect.provide(program, App.on(layer)))

  it.effect("has one open order, however often the stock falls", () =>
    quietly(
      Effect.gen(function* () {
        yield* handle(Product, create())
        for (const stock of [4, 3, 2]) yield* handle(Product, updateStock(stock))
        yield* Subscriptions.settled
        const [order, ...others] = yield* orders
        expect(order?.event).toMatchObject({ _tag: "ReorderPlaced", productId, quantity: 46 })
        expect(others).toEqual([])
        expect((yield* ReadModel.list(OpenOrder)).rows).toMatchObject([{ productId, quantity: 46 }])
      })
    )
  )

  it.effect("orders for a product that begins with little", () =>
    quietly(
      Effect.gen(function* () {
        yield* handle(Product, create({ stock: 0 }))
        yield* Subscriptions.settled
        expect((yield* ReadModel.list(OpenOrder)).rows).toMatchObject([{ productId, quantity: 50 }])
      })
    )
  )

  it.effect("orders again when the order has arrived and the stock falls again", () =>
    quietly(
      Effect.gen(function* () {
        yield* handle(Product, create({ stock: 4 }))
        yield* Subscriptions.settled
        const first = Option.getOrThrow((yield* ReadModel.get(OpenOrder, productId)).row)
        const orderId = OrderId.make(first.orderId)
        const arrived = yield* handle(Reorder, FulfilReorder.make({ productId, orderId }))
        expect((yield* ReadModel.get(OpenOrder, productId, { atLeast: arrived })).row).toEqual(Option.none())
        yield* handle(Product, updateStock(50))
        yield* handle(Product, updateStock(1))
        yield* Subscriptions.settled
        const second = Option.getOrThrow((yield* ReadModel.get(OpenOrder, productId)).row)
        expect(second.quantity).toBe(49)
        expect(second.orderId).not.toBe(first.orderId)
      })
    )
  )

  it.effect("says what an order answers, and for whom", () =>
    quietly(
      Effect.gen(function* () {
        yield* handle(Product, create())
        const { events } = yield* handle(Product, updateStock(3)).pipe(
          Metadata.with({ actor: "bob", correlationId: "request-1" })
        )
        yield* Subscriptions.settled
        expect((yield* orders).map(({ metadata }) => metadata)).toMatchObject([
          { actor: "bob", correlationId: "request-1", causationId: events[0]?.id }
        ])
      })
    )
  )
})
