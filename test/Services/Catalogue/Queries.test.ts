import { describe, expect, it } from "@effect/vitest"
import type { ReadModel } from "everfold"
import { CommandHandler, Metadata, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as TestClock from "effect/TestClock"
import { Product } from "../../../src/Domain/Catalogue/Product.ts"
import { ProductId } from "../../../src/Domain/Catalogue/Values.ts"
import type { Listing } from "../../../src/Services/Catalogue/Queries.ts"
import {
  auditTrail,
  getProductCard,
  getProductDetail,
  listProducts,
  priceChanges,
  searchProducts
} from "../../../src/Services/Catalogue/Queries.ts"
import { changePrice, create, eur, productId, updateStock, view } from "../../Domain/Catalogue/samples.ts"
import * as App from "../../Layers/Catalogue/App.ts"
import { stacks } from "../../Layers/Stacks.ts"

const handle = CommandHandler.handle

const products: ReadonlyArray<
  readonly [id: string, name: string, supplier: string, price: number, stock: number]
> = [
  ["p1", "Äpfel 100%", "Acme Corp", 300, 7],
  ["p2", "Zange", "Müller & Söhne", 100, 7],
  ["p3", "apple_pie", "Acme Corp", 200, 0],
  ["p4", "ПИЛА", "Завод", 200, 12],
  ["p5", "ｶﾒﾗ", "株式会社", 500, 3],
  ["p6", "Back\\slash", 'O\'Reilly "Books"', 400, 9],
  ["p7", "🧰 box", "ACME corp", 600, 1]
]

const fill = Effect.forEach(products, ([id, name, supplierName, price, stock]) =>
  handle(Product, create({ productId: ProductId.make(id), name, supplierName, price: eur(price), stock }))
).pipe(Effect.zipRight(Subscriptions.settled))

const ids = ({ rows }: { readonly rows: ReadonlyArray<{ readonly id: string }> }) => rows.map(({ id }) => id)

describe.each(stacks)("queries on $name", ({ layer }) => {
  const running = <A, E>(program: Effect.Effect<A, E, App.Services>) =>
    App.printing(() => Effect.provide(program, App.on(layer)))

  it.effect("find nothing where there is nothing, and say as of when", () =>
    running(
      Effect.gen(function* () {
        const nothing = { row: Option.none(), asOf: { position: 0, time: 0 } }
        expect(yield* getProductDetail(productId)).toEqual(nothing)
        expect(yield* getProductCard(productId)).toEqual(nothing)
        expect(yield* listProducts()).toEqual({ rows: [], next: Option.none(), asOf: nothing.asOf })
        expect(yield* auditTrail(productId)).toEqual([])
        expect(yield* priceChanges(0)).toBe(0)
      })
    )
  )

  it.effect("sort by each field, texts by code point, equal values by id, both ways", () =>
    running(
      Effect.gen(function* () {
        yield* fill
        const byName = ["p6", "p2", "p3", "p1", "p4", "p5", "p7"]
        expect(ids(yield* listProducts())).toEqual(byName)
        expect(ids(yield* listProducts({ descending: true }))).toEqual([...byName].reverse())
        const byPrice = ["p2", "p3", "p4", "p1", "p6", "p5", "p7"]
        expect(ids(yield* listProducts({ sort: "price" }))).toEqual(byPrice)
        expect(ids(yield* listProducts({ sort: "price", descending: true }))).toEqual([...byPrice].reverse())
        expect(ids(yield* listProducts({ sort: "stock" }))).toEqual([
          "p3",
          "p7",
          "p5",
          "p1",
          "p2",
          "p6",
          "p4"
        ])
        const bySupplier = ["p7", "p1", "p3", "p2", "p6", "p4", "p5"]
        expect(ids(yield* listProducts({ sort: "supplierName" }))).toEqual(bySupplier)
      })
    )
  )

  it.effect.each<Listing>([
    { sort: "price" },
    { sort: "price", descending: true },
    { sort: "supplierName" },
    { sort: "name", descending: true }
  ])("give each row once, page by page: %j", (listing) =>
    running(
      Effect.gen(function* () {
        yield* fill
        const all = ids(yield* listProducts(listing))
        const seen: Array<string> = []
        let after: ReadModel.Cursor | undefined
        do {
          const page = yield* listProducts({ ...listing, limit: 2, ...(after && { after }) })
          seen.push(...ids(page))
          expect(page.rows.length).toBe(Option.isSome(page.next) ? 2 : 1)
          after = Option.getOrUndefined(page.next)
        } while (after !== undefined)
        expect(seen).toEqual(all)
      })
    )
  )

  it.effect.each([
    ["acme", ["p3", "p1", "p7"]],
    ["ÄPFEL", ["p1"]],
    ["äpfel", ["p1"]],
    ["müller", ["p2"]],
    ["пила", ["p4"]],
    ["завод", ["p4"]],
    ["カメ", ["p5"]],
    ["ｶﾒﾗ", ["p5"]],
    ["🧰", ["p7"]],
    ["%", ["p1"]],
    ["_", ["p3"]],
    ["\\", ["p6"]],
    ["o'reilly", ["p6"]],
    ['"', ["p6"]],
    ["*", []],
    ["0% acme", []],
    ["supplier-1", []],
    ["", ["p6", "p2", "p3", "p1", "p4", "p5", "p7"]]
  ] as const)("find %j", ([text, found]) =>
    running(
      Effect.gen(function* () {
        yield* fill
        expect(ids(yield* searchProducts(text))).toEqual(found)
      })
    )
  )

  it.effect("sort and page what they find", () =>
    running(
      Effect.gen(function* () {
        yield* fill
        const first = yield* searchProducts("acme", { sort: "price", descending: true, limit: 2 })
        expect(ids(first)).toEqual(["p7", "p1"])
        const after = Option.getOrThrow(first.next)
        const second = yield* searchProducts("acme", { sort: "price", descending: true, limit: 2, after })
        expect(ids(second)).toEqual(["p3"])
        expect(second.next).toEqual(Option.none())
      })
    )
  )

  it.effect("count price changes since a time, over all products and pages", () =>
    running(
      Effect.gen(function* () {
        const other = ProductId.make("gadget-1")
        yield* handle(Product, create())
        yield* handle(Product, create({ productId: other }))
        for (let change = 1; change <= 501; change++) yield* handle(Product, changePrice(2999 - change))
        yield* TestClock.adjust("1 second")
        yield* handle(Product, changePrice(1000, { productId: other }))
        yield* handle(Product, updateStock(7))
        expect(yield* priceChanges(0)).toBe(502)
        expect(yield* priceChanges(1000)).toBe(1)
        expect(yield* priceChanges(1001)).toBe(0)
      })
    )
  )

  it.effect("tell who changed what from which value", () =>
    running(
      Effect.gen(function* () {
        yield* handle(Product, create()).pipe(Metadata.with({ actor: "ann" }))
        yield* TestClock.adjust("1 second")
        yield* handle(Product, updateStock(8)).pipe(Metadata.with({ actor: "bob" }))
        yield* handle(Product, view()).pipe(Metadata.with({ actor: "eve" }))
        yield* handle(Product, changePrice(2499))
        const created = { time: 0, actor: "ann", event: "ProductCreated", from: undefined }
        expect(yield* auditTrail(productId)).toEqual([
          { ...created, field: "name", to: "Widget Pro" },
          { ...created, field: "price", to: "29.99 EUR" },
          { ...created, field: "stock", to: "100" },
          { time: 1000, actor: "bob", event: "StockUpdated", field: "stock", from: "100", to: "8" },
          {
            time: 1000,
            actor: undefined,
            event: "PriceChanged",
            field: "price",
            from: "29.99 EUR",
            to: "24.99 EUR"
          }
        ])
      })
    )
  )
})
