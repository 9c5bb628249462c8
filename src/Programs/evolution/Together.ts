/** Old events and new ones in one stream: decisions, folds, the audit trail and rows take both. */
import {
  Aggregate,
  CommandHandler,
  Decoding,
  EventStore,
  History,
  Metadata,
  SubscriptionControl,
  Subscriptions,
  type Event
} from "everfold"
import * as Effect from "effect/Effect"
import { ChangePrice, UpdateStock } from "../../Domain/Catalogue/Commands.ts"
import { Product } from "../../Domain/Catalogue/Product.ts"
import { ProductListing } from "../../Domain/Catalogue/ProductListing.ts"
import { ProductId, showMoney } from "../../Domain/Catalogue/Values.ts"
import { auditTrail, listProducts } from "../../Services/Catalogue/Queries.ts"
import { quote, say, section, table, width } from "../Terminal.ts"
import * as Import from "./Import.ts"

/** A day at the shop of today, with a product of the old one. */
export const tell = Effect.suspend(() => Effect.all([decisions, revisions, audit, rows], { discard: true }))

/** What a stored event says today, as JSON text. */
export const meaning = (stored: Event.Encoded) =>
  Effect.map(Product.codec.decodePayload(stored), ({ _tag, ...event }) =>
    JSON.stringify(event, undefined, 1).replace(/\s+/g, " ")
  )

/** As much of a text as a line has room for beside a type and a revision. */
export const clipped = (text: string, room = width - 36) =>
  text.length > room ? `${text.slice(0, room - 1)}…` : text

// internal

const widget = ProductId.make("1")

const decisions = Effect.gen(function* () {
  yield* section("A price is changed today, on a product of the old shop")
  yield* Effect.catchTag(changePrice(9900), "PriceIncreaseNeedsApproval", ({ message }) => quote(message))
  yield* say("That rule is younger than this price. Something less bold is fine:")
  yield* changePrice(3490).pipe(Metadata.with({ actor: "dora" }))
  yield* CommandHandler.handle(Product, UpdateStock.make({ productId: widget, stock: 90 })).pipe(
    Metadata.with({ actor: "bob" })
  )
  let state: Aggregate.State<typeof Product> = Product.initial
  const history = yield* History.of(Product, widget)
  yield* table(
    history.map(({ event, metadata, revision, version }) => {
      state = Aggregate.replay(Product, [event], state)
      const shown = state._tag === "Listed" ? [showMoney(state.price), `${state.stock} in stock`] : []
      return ["", version, event._tag, `revision ${revision}`, metadata.actor ?? "?", ...shown]
    })
  )
  yield* say("One fold for all of them: it has never heard of floats.")
})

const changePrice = (amount: number) =>
  CommandHandler.handle(Product, ChangePrice.make({ productId: widget, price: { amount, currency: "EUR" } }))

const revisions = Effect.gen(function* () {
  yield* section("Only the newest revision is written")
  const log = yield* EventStore.EventStore
  const { events } = yield* log.readAll({})
  const recorded = yield* Decoding.all(Product.codec, events)
  const of = (revision: number) => recorded.filter((event) => event.revision === revision)
  yield* table([
    ["", "revision 1", of(1).length, "events, all of them by", actors(of(1))],
    ["", "revision 2", of(2).length, "events, by", actors(of(2))]
  ])
  for (const { payload, position, revision, type } of events)
    if (revision > 1) yield* say(`${position}  ${type} ${payload}`)
})

/** Who has written some events. */
const actors = (events: ReadonlyArray<Event.Recorded>) =>
  [...new Set(events.map(({ metadata }) => metadata.actor ?? "?"))].join(" and ")

const audit = Effect.gen(function* () {
  yield* section("Who has changed what, over both")
  const lines = yield* auditTrail(widget)
  yield* table(
    lines.map(({ actor = "?", event, field, from = "–", to = "–" }) => [
      "",
      actor === Import.actor ? "the old shop" : actor,
      event,
      field,
      `${from} → ${to}`
    ])
  )
})

const rows = Effect.gen(function* () {
  yield* section("The list of products, built again")
  yield* Subscriptions.settled
  const before = yield* listProducts()
  const scanned = yield* SubscriptionControl.rebuild(ProductListing)
  const after = yield* listProducts()
  yield* table(
    after.rows.map(({ currency, id, name, price, stock, supplierName }) => [
      "",
      id,
      name,
      showMoney({ amount: price, currency }),
      stock,
      "in stock",
      supplierName
    ])
  )
  const same = JSON.stringify(before.rows) === JSON.stringify(after.rows)
  yield* say(`${scanned} events read, ${same ? "the same rows as before" : "other rows than before"}.`)
})
