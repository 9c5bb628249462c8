import { describe, expect, it } from "@effect/vitest"
import { CommandHandler, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as TestClock from "effect/TestClock"
import { Product } from "../../../src/Domain/Catalogue/Product.ts"
import { getProductCard, getProductDetail, listProducts } from "../../../src/Services/Catalogue/Queries.ts"
import { changePrice, create, productId, updateStock, view } from "../../Domain/Catalogue/samples.ts"
import { folder, hurry, sqliteIn, stacks } from "../Stacks.ts"
import * as App from "./App.ts"

const handle = CommandHandler.handle

describe.each(stacks)("the catalogue on $name", ({ layer }) => {
  const running = <A, E>(program: (lines: ReadonlyArray<string>) => Effect.Effect<A, E, App.Services>) =>
    App.printing((lines) => Effect.provide(program(lines), App.on(layer)))

  it.effect("keeps all three rows up to date", () =>
    running(() =>
      Effect.gen(function* () {
        yield* TestClock.setTime(1000)
        yield* handle(Product, create({ description: "Does what widgets do." }))
        yield* TestClock.setTime(2000)
        yield* handle(Product, updateStock(0))
        const receipt = yield* handle(Product, changePrice(2499))

        const detail = yield* getProductDetail(productId, { atLeast: receipt })
        expect(Option.getOrThrow(detail.row)).toEqual({
          id: productId,
          name: "Widget Pro",
          description: "Does what widgets do.",
          price: 2499,
          currency: "EUR",
          stock: 0,
          viewCount: 0,
          supplierName: "Acme Corp",
          createdAt: 1000,
          updatedAt: 2000
        })
        const card = yield* getProductCard(productId, { atLeast: receipt })
        expect(Option.getOrThrow(card.row)).toMatchObject({ price: 2499, inStock: false })
        const list = yield* listProducts({ atLeast: receipt })
        expect(list.rows).toMatchObject([{ id: productId, price: 2499, stock: 0 }])
        expect(list.asOf.position).toBeGreaterThanOrEqual(receipt.position)
        expect(list.asOf.time).toBe(2000)
      })
    )
  )

  it.effect("counts each view once, and a view is no update", () =>
    running(() =>
      Effect.gen(function* () {
        yield* handle(Product, create())
        yield* TestClock.adjust("1 second")
        yield* Effect.replicateEffect(handle(Product, view()), 20)
        yield* Subscriptions.settled
        const { row } = yield* getProductDetail(productId)
        expect(Option.getOrThrow(row)).toMatchObject({ viewCount: 20, createdAt: 0, updatedAt: 0 })
      })
    )
  )

  it.effect("audits what changes a product, and nothing else", () =>
    running((lines) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(1234)
        yield* handle(Product, create())
        yield* handle(Product, updateStock(50))
        yield* handle(Product, updateStock(50))
        yield* handle(Product, changePrice(2499))
        yield* handle(Product, view())
        yield* Effect.flip(handle(Product, changePrice(0)))
        yield* Subscriptions.settled
        expect(lines).toEqual([
          "[AUDIT] 1970-01-01T00:00:01.234Z | ProductCreated | product_id=widget-1",
          "[AUDIT] 1970-01-01T00:00:01.234Z | StockUpdated | product_id=widget-1",
          "[AUDIT] 1970-01-01T00:00:01.234Z | PriceChanged | product_id=widget-1"
        ])
      })
    )
  )

  it.effect("alerts below ten units", () =>
    running((lines) =>
      Effect.gen(function* () {
        yield* handle(Product, create())
        for (const stock of [10, 9, 0, 10]) yield* handle(Product, updateStock(stock))
        yield* Subscriptions.settled
        expect(lines.filter((line) => line.startsWith("[ALERT]"))).toEqual([
          "[ALERT] Low stock on product widget-1: 9 units remaining",
          "[ALERT] Low stock on product widget-1: 0 units remaining"
        ])
      })
    )
  )
})

it.scoped("counts each view once when two programs run the catalogue on the same files", () =>
  App.printing(() =>
    Effect.gen(function* () {
      const directory = yield* folder
      const one = yield* Layer.build(App.on(sqliteIn(directory)))
      const other = yield* Layer.build(App.on(sqliteIn(directory)))
      yield* hurry
      yield* Effect.provide(handle(Product, create()), one)
      for (const program of [one, other, one, other]) {
        yield* Effect.provide(Effect.replicateEffect(handle(Product, view()), 5), program)
      }
      for (const program of [one, other]) {
        yield* Effect.provide(Subscriptions.settled, program)
        const { row } = yield* Effect.provide(getProductDetail(productId), program)
        expect(Option.getOrThrow(row).viewCount).toBe(20)
      }
    })
  )
)
