/** A shop with few products, for stories in which something goes wrong. */
import { CommandHandler, EventStore, Subscriptions } from "everfold"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { CreateProduct, RecordProductView, UpdateStock } from "../Domain/Catalogue/Commands.ts"
import { Product } from "../Domain/Catalogue/Product.ts"
import { ProductId, SupplierId } from "../Domain/Catalogue/Values.ts"
import { table } from "./Terminal.ts"

/** The story begins with nothing. */
export class NotEmpty extends Data.TaggedError("NotEmpty")<{ readonly message: string }> {}

/** Refuses a log that somebody has written to: names and numbers of the story would not fit. */
export const begin = Effect.gen(function* () {
  const log = yield* EventStore.EventStore
  if ((yield* log.head) === 0) return
  return yield* new NotEmpty({
    message: "the log has events already; name a folder of its own for this story"
  })
})

/** Puts a product for 10.00 EUR into the catalogue. */
export const create = (name: string, stock: number) =>
  CommandHandler.handle(
    Product,
    CreateProduct.make({
      productId: ProductId.make(name),
      name,
      price: { amount: 1000, currency: "EUR" },
      costPrice: { amount: 400, currency: "EUR" },
      supplierId: SupplierId.make("supplier-1"),
      supplierName: "Acme Corp",
      stock
    })
  )

/** Says how many there are. */
export const stock = (name: string, stock: number, options: CommandHandler.Options = {}) =>
  CommandHandler.handle(Product, UpdateStock.make({ productId: ProductId.make(name), stock }), options)

/** Somebody looks at it. */
export const view = (name: string) =>
  CommandHandler.handle(Product, RecordProductView.make({ productId: ProductId.make(name) }))

/** Waits until everybody is at the end of the log, except those who have stopped. */
export const othersSettled = Effect.gen(function* () {
  const { all, head } = yield* Subscriptions.Subscriptions
  let reached = -1
  while (true) {
    const { position } = yield* head
    if (position === reached) return
    reached = position
    for (const subscription of yield* all) {
      const { status } = yield* subscription.state
      if (status !== "Halted") yield* subscription.reached(position)
    }
  }
})

/** Every subscriber, what it is doing, where it is, and what is wrong. */
export const overview = Effect.gen(function* () {
  const all = yield* Subscriptions.overview
  const sorted = all.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  yield* table(
    sorted.map(({ lag, name, parked, position, status }) => [
      name,
      status,
      `at ${position}`,
      lag === 0 ? "" : `${lag} behind`,
      parked === 0 ? "" : `${parked} set aside`
    ])
  )
})
