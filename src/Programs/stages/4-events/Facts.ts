/** A shop's day as events: the log, the fold, and the trail of who has changed what. */
import { Aggregate, CommandHandler, EventStore, History, Metadata } from "everfold"
import * as Effect from "effect/Effect"
import { ChangePrice } from "../../../Domain/Catalogue/Commands.ts"
import { Product } from "../../../Domain/Catalogue/Product.ts"
import { ProductId, showMoney } from "../../../Domain/Catalogue/Values.ts"
import { auditTrail } from "../../../Services/Catalogue/Queries.ts"
import * as Shop from "../../Shop.ts"
import { say, section, table, width } from "../../Terminal.ts"

/** The product that all of it is about. */
export const lamp = ProductId.make("lamp")

/** Two products are created, sold, looked at; and Carol, who has counted 20 lamps, says 200. */
export const day = Effect.gen(function* () {
  yield* Effect.zipRight(Shop.create("lamp", 30), Shop.create("desk", 40)).pipe(by("ann"))
  yield* Shop.stock("lamp", 22).pipe(by("bob"))
  yield* Shop.view("lamp").pipe(by("visitor"))
  yield* Shop.stock("lamp", 200).pipe(by("carol"))
  yield* Effect.zipRight(Shop.view("lamp"), Shop.view("lamp")).pipe(by("visitor"))
  yield* Shop.view("desk").pipe(by("visitor"))
  const price = { amount: 1250, currency: "EUR" }
  yield* CommandHandler.handle(Product, ChangePrice.make({ productId: lamp, price })).pipe(by("dora"))
  yield* Shop.stock("desk", 4).pipe(by("bob"))
})

/** Carol puts it right: one more fact. */
export const correction = Effect.suspend(() => Shop.stock("lamp", 20).pipe(by("carol")))

/** What is stored, and what can be done with it. */
export const tellLog = Effect.gen(function* () {
  const log = yield* EventStore.EventStore
  const { events } = yield* log.readAll({})
  const created = events.filter(({ type }) => type === "ProductCreated").length
  yield* section("Commands become facts: the log, all of it")
  yield* say(
    "Ann lists two products, Bob sells, visitors look, Dora raises a price. Carol",
    "has counted 20 lamps, and says 200."
  )
  yield* table(events.map(({ payload, position, type }) => ["", position, type, clipped(payload)]))
  yield* say(
    `A table of products would have ${created} rows by now, overwritten ${events.length - created} times. The log has`,
    `${events.length}, as they were written. Nothing that it can do changes or deletes one:`,
    `  ${Object.keys(log).join(", ")}`
  )
})

/** The state of the lamp after each of its events. */
export const tellReplay = Effect.gen(function* () {
  const history = yield* History.of(Product, lamp)
  let state: Aggregate.State<typeof Product> = Product.initial
  yield* table(
    history.map(({ event, metadata, version }) => {
      state = Aggregate.replay(Product, [event], state)
      return ["", version, event._tag, metadata.actor ?? "?", ...columns(state)]
    })
  )
})

/** Who has changed what of the lamp, and from which value. */
export const tellAudit = Effect.gen(function* () {
  const lines = yield* auditTrail(lamp)
  const changed = lines.filter(({ from }) => from !== undefined)
  yield* table(
    changed.map(({ actor = "?", event, field, from = "", to = "" }) => [
      "",
      actor,
      event,
      field,
      `${from} → ${to}`
    ])
  )
})

/** Price and stock of a product as two cells. */
export const columns = (state: Aggregate.State<typeof Product>): ReadonlyArray<string> =>
  state._tag === "Listed" ? [showMoney(state.price), `${state.stock} in stock`] : ["absent"]

// internal

function by(actor: string) {
  return Metadata.with({ actor })
}

/** As much of a text as a line has room for beside a position and a type. */
const clipped = (text: string, room = width - 24) =>
  text.length > room ? `${text.slice(0, room - 1)}…` : text
