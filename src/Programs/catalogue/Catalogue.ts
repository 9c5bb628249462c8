/**
 * The story of the catalogue: commands on one side, rows on the other, and those who react in between. It
 * needs ports only, so it is the same story on every stack.
 */
import { CommandHandler, EventStore, History, Ids, Metadata, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { CreateProduct } from "../../Domain/Catalogue/Commands.ts"
import { Product } from "../../Domain/Catalogue/Product.ts"
import type { Money } from "../../Domain/Catalogue/Values.ts"
import { ProductId, SupplierId } from "../../Domain/Catalogue/Values.ts"
import * as Catalogue from "../../Layers/Catalogue/Module.ts"
import * as Purchasing from "../../Layers/Purchasing/Module.ts"
import { getProductDetail } from "../../Services/Catalogue/Queries.ts"
import * as LookBack from "./LookBack.ts"
import * as Trade from "./Trade.ts"
import { say, section, table } from "../Terminal.ts"

/** Both contexts: what the story adds to a stack. */
export const modules = Layer.merge(Catalogue.layer, Purchasing.layer)

/** Tells the story once; told again on the same log, it goes on with new products. */
export const program = Effect.gen(function* () {
  yield* Subscriptions.settled
  const head = yield* logHead
  if (head > 0) yield* say(`The log holds ${head} events of earlier runs; two new products join them.`)
  // Short names that no earlier run has used.
  const run = (yield* Ids.next).slice(-8)
  const widget = ProductId.make(`widget-${run}`)
  const gadget = ProductId.make(`gadget-${run}`)

  yield* creation(widget, gadget)
  yield* Trade.fallingStock(gadget)
  const beforePrices = yield* getProductDetail(gadget)
  yield* Trade.wrongPrice(gadget)
  yield* Trade.views(widget, ProductId.make(`gizmo-${run}`))
  yield* Trade.listing
  yield* LookBack.tell(gadget, beforePrices.asOf.time)
})

// internal

const logHead = Effect.flatMap(EventStore.EventStore, (log) => log.head)

const creation = (widget: ProductId, gadget: ProductId) =>
  Effect.gen(function* () {
    yield* section("Ann creates two products")
    const first = yield* create(widget, "Widget Pro", eur(2999), eur(1200), 100)
    const second = yield* create(gadget, "Gadget Plus", eur(4999), eur(2250), 15)
    // Asked before a word is printed, and nobody is waited for.
    const early = yield* getProductDetail(widget)
    const head = yield* logHead
    const state = yield* History.stateAt(Product, widget)
    yield* table([
      ["Widget Pro", widget, "29.99 EUR", 100, "in stock", `accepted at position ${first.position}`],
      ["Gadget Plus", gadget, "49.99 EUR", 15, "in stock", `accepted at position ${second.position}`]
    ])

    yield* section("A query at once")
    yield* answer(early, head)
    if (state._tag === "Listed") yield* say(`Who cannot wait asks the log: ${state.stock} in stock.`)

    yield* section("The same query, waiting for the receipt")
    const fresh = yield* getProductDetail(widget, { atLeast: second })
    yield* Subscriptions.settled
    yield* answer(fresh, yield* logHead)
  }).pipe(Metadata.with({ actor: "ann" }))

const create = (productId: ProductId, name: string, price: Money, costPrice: Money, stock: number) => {
  const supplier = { supplierId: SupplierId.make("supplier-1"), supplierName: "Acme Corp" }
  const command = CreateProduct.make({ ...supplier, productId, name, price, costPrice, stock })
  return CommandHandler.handle(Product, command)
}

const eur = (amount: number): Money => ({ amount, currency: "EUR" })

type Answer = Effect.Effect.Success<ReturnType<typeof getProductDetail>>

const answer = ({ asOf, row }: Answer, head: number) =>
  say(
    `read model at ${asOf.position}, log at ${head}`,
    `Widget Pro: ${Option.match(row, { onNone: () => "no row yet", onSome: Trade.show })}`
  )
