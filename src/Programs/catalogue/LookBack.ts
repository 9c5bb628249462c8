/** What the log gives for nothing: who changed what, any earlier state, unplanned questions, rows built again. */
import { History, SubscriptionControl } from "everfold"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { Product } from "../../Domain/Catalogue/Product.ts"
import { ProductListing } from "../../Domain/Catalogue/ProductListing.ts"
import type { ProductId } from "../../Domain/Catalogue/Values.ts"
import { showMoney } from "../../Domain/Catalogue/Values.ts"
import { auditTrail, listProducts, priceChanges } from "../../Services/Catalogue/Queries.ts"
import { say, section, showTime, table } from "../Terminal.ts"

/** Looks back at a product, and at how it was at a time, in milliseconds since 1970. */
export const tell = (id: ProductId, time: number) =>
  Effect.all([changes(id), earlier(id, time), question, rebuild], { discard: true })

// internal

const changes = (id: ProductId) =>
  Effect.gen(function* () {
    yield* section("Who changed what of Gadget Plus, and from which value")
    const lines = yield* auditTrail(id)
    yield* table(
      lines.map(({ actor = "?", event, field, from = "–", time, to = "–" }) => [
        showTime(time),
        actor,
        event,
        field,
        `${from} → ${to}`
      ])
    )
  })

const earlier = (id: ProductId, time: number) =>
  Effect.gen(function* () {
    yield* section("Gadget Plus at earlier moments")
    const moments = [
      ["at version 1", { version: 1 }],
      ["at version 2", { version: 2 }],
      [`at ${showTime(time)}`, { time }],
      ["now", {}]
    ] as const
    const rows = yield* Effect.forEach(moments, ([name, moment]) =>
      Effect.map(History.stateAt(Product, id, moment), (state) =>
        state._tag === "Listed"
          ? [name, state.stock, "in stock", showMoney(state.price)]
          : [name, "", "absent"]
      )
    )
    yield* table(rows)
  })

const question = Effect.gen(function* () {
  yield* section("How often have prices changed within 30 days?")
  const now = yield* Clock.currentTimeMillis
  const count = yield* priceChanges(now - 30 * 24 * 60 * 60 * 1000)
  yield* say(`${count} times, counted in the log: nobody had to plan for the question.`)
})

const rebuild = Effect.gen(function* () {
  yield* section("Build the list of products again")
  const before = yield* listProducts()
  const scanned = yield* SubscriptionControl.rebuild(ProductListing)
  const after = yield* listProducts()
  const same = JSON.stringify(before.rows) === JSON.stringify(after.rows)
  yield* say(
    `${scanned} events read, ${after.rows.length} rows built: ${same ? "the same as before" : "not the same"}.`,
    "No alert and no order: those who acted on these events do not act again."
  )
})
