import { Aggregate, Event, Projection } from "everfold"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { expect, it } from "vitest"
import {
  ChangePrice,
  CreateProduct,
  RecordProductView,
  UpdateStock
} from "../../src/Domain/Catalogue/Commands.ts"
import { Product } from "../../src/Domain/Catalogue/Product.ts"
import { ProductCard } from "../../src/Domain/Catalogue/ProductCard.ts"
import { ProductDetail } from "../../src/Domain/Catalogue/ProductDetail.ts"
import { ProductListing } from "../../src/Domain/Catalogue/ProductListing.ts"
import { ProductId, SupplierId } from "../../src/Domain/Catalogue/Values.ts"
import { FulfilReorder } from "../../src/Domain/Purchasing/Commands.ts"
import { OpenOrder } from "../../src/Domain/Purchasing/OpenOrder.ts"
import { Reorder } from "../../src/Domain/Purchasing/Reorder.ts"
import { Restock } from "../../src/Domain/Purchasing/Restock.ts"
import { OrderId } from "../../src/Domain/Purchasing/Values.ts"

const { array, assert, boolean, constant, constantFrom, integer, oneof, property, record } = FastCheck

// Few products, few amounts: so that commands meet each other.
const productId = constantFrom("a", "b").map((id) => ProductId.make(id))
const stock = integer({ min: -2, max: 12 })
// The ids of orders count the commands that led to them, so some of these are open.
const orderId = integer({ min: 0, max: 12 }).map((n) => OrderId.make(`order-${n}`))
const price = record({
  amount: integer({ min: -1, max: 12 }),
  currency: constantFrom("EUR", "EUR", "EUR", "EUR", "USD")
})
const product = {
  name: constant("Widget"),
  costPrice: constant({ amount: 1, currency: "EUR" }),
  supplierId: constant(SupplierId.make("supplier-1")),
  supplierName: constant("Acme Corp")
}

const command = oneof(
  record({ ...product, productId, stock, price }).map((fields) => CreateProduct.make(fields)),
  record({ productId, stock }).map((fields) => UpdateStock.make(fields)),
  record({ productId, price, approved: boolean() }).map((fields) => ChangePrice.make(fields)),
  record({ productId }).map((fields) => RecordProductView.make(fields)),
  record({ productId, orderId }).map((fields) => FulfilReorder.make(fields))
)

type Command = typeof command extends FastCheck.Arbitrary<infer C> ? C : never
type CatalogueEvent = Aggregate.Event<typeof Product>
type PurchasingEvent = Aggregate.Event<typeof Reorder>

const about = <E extends { readonly productId: string }>(events: ReadonlyArray<E>, id: string) =>
  events.filter((event) => event.productId === id)

const outcome = (decision: Either.Either<ReadonlyArray<unknown>, unknown>) =>
  Either.isLeft(decision) ? "refused" : decision.right.length > 0 ? "accepted" : "nothing to do"

/** What commands lead to, one after the other, with purchasing answering each event at once. */
const live = (commands: ReadonlyArray<Command>) => {
  const catalogue: Array<CatalogueEvent> = []
  const purchasing: Array<PurchasingEvent> = []
  const outcomes: Array<string> = []

  const purchase = (one: Aggregate.Command<typeof Reorder>, n: number) => {
    const before = Aggregate.given(Reorder, ...about(purchasing, one.productId))
    const decision = before.when(one, { now: 0, id: () => `order-${n}` })
    purchasing.push(...Either.getOrElse(decision, () => []))
    return outcome(decision)
  }
  const sell = (one: Aggregate.Command<typeof Product>, n: number) => {
    const decision = Aggregate.given(Product, ...about(catalogue, one.productId)).when(one)
    const events = Either.getOrElse(decision, () => [])
    catalogue.push(...events)
    for (const event of events) {
      if (event._tag !== "ProductCreated" && event._tag !== "StockUpdated") continue
      for (const answer of Event.record([event]).flatMap(Restock.react)) purchase(answer, n)
    }
    return outcome(decision)
  }

  commands.forEach((one, n) => {
    outcomes.push(one._tag === "FulfilReorder" ? purchase(one, n) : sell(one, n))
  })
  return { catalogue, purchasing, outcomes }
}

const shares = new Map<string, number>()
let arrived = 0

it("whatever commands come: no stock is negative, no price is not positive, one order is open at most", () => {
  assert(
    property(array(command, { minLength: 10, maxLength: 60, size: "max" }), (commands) => {
      const { catalogue, outcomes, purchasing } = live(commands)
      for (const outcome of outcomes) shares.set(outcome, (shares.get(outcome) ?? 0) + 1)
      for (const id of ["a", "b"]) {
        let state = Product.initial
        for (const event of about(catalogue, id)) {
          state = Product.evolve(state, event)
          if (state._tag === "Absent") throw new Error(`${event._tag} before ProductCreated`)
          expect(state.stock).toBeGreaterThanOrEqual(0)
          expect(state.price.amount).toBeGreaterThan(0)
        }
        const orders = about(purchasing, id).map(({ _tag }) => _tag)
        arrived += orders.filter((tag) => tag === "ReorderFulfilled").length
        orders.forEach((tag, n) => expect(tag).toBe(n % 2 === 0 ? "ReorderPlaced" : "ReorderFulfilled"))
      }
    }),
    { numRuns: 200 }
  )
  const total = [...shares.values()].reduce((sum, count) => sum + count, 0)
  const share = (outcome: string) => (shares.get(outcome) ?? 0) / total
  const percent = [...shares.keys()].map((outcome) => `${Math.round(share(outcome) * 100)} % ${outcome}`)
  console.log(`${total} commands: ${percent.join(", ")}; ${arrived} orders arrived`)
  expect(share("accepted")).toBeGreaterThan(0.2)
  expect(share("refused")).toBeGreaterThan(0.2)
  expect(arrived).toBeGreaterThan(0)
})

it("whatever commands come: the rows say what the states say", () => {
  assert(
    property(array(command, { minLength: 10, maxLength: 60, size: "max" }), (commands) => {
      const { catalogue, purchasing } = live(commands)
      const priced = catalogue.filter((event) => event._tag !== "ProductViewed")
      const details = Projection.run(ProductDetail, catalogue)
      const cards = Projection.run(ProductCard, priced)
      const listing = Projection.run(ProductListing, priced)
      const open = Projection.run(OpenOrder, purchasing)
      for (const id of ["a", "b"]) {
        const state = Aggregate.replay(Product, about(catalogue, id))
        const price =
          state._tag === "Listed" ? { price: state.price.amount, currency: state.price.currency } : {}
        const row = state._tag === "Listed" ? { ...price, stock: state.stock } : undefined
        const viewCount = about(catalogue, id).filter(({ _tag }) => _tag === "ProductViewed").length
        expect(details.get(id)).toEqual(row && expect.objectContaining({ ...row, viewCount }))
        expect(listing.get(id)).toEqual(row && expect.objectContaining(row))
        expect(cards.get(id)).toEqual(row && expect.objectContaining({ ...price, inStock: row.stock > 0 }))
        const order = Aggregate.replay(Reorder, about(purchasing, id))
        expect(open.get(id)?.orderId).toBe(order._tag === "Open" ? order.orderId : undefined)
      }
    })
  )
})
