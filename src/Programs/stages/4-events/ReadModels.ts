/** Read models that are added later, one of them with a mistake: filled from history, mended, replayed. */
import { History, Projection, Projector, ReadModel, SubscriptionControl, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import { ProductCreated, StockUpdated } from "../../../Domain/Catalogue/Events.ts"
import { LowStock, Row, threshold } from "../../../Domain/Catalogue/LowStock.ts"
import { Product } from "../../../Domain/Catalogue/Product.ts"
import { ViewCounts } from "../../../Domain/Catalogue/ViewCounts.ts"
import * as Shop from "../../Shop.ts"
import { say, section, table } from "../../Terminal.ts"

/** Views are counted, low stock is listed wrongly, and then rightly. */
export const tell = Effect.gen(function* () {
  yield* Effect.provide(views, Projector.layer(ViewCounts))
  yield* Effect.provide(broken, Projector.layer(Faulty))
  yield* Effect.provide(replayed, Projector.layer(LowStock))
})

// internal

const views = Effect.gen(function* () {
  yield* section("A read model that nobody had thought of: view counts")
  yield* Subscriptions.settled
  const { asOf, rows } = yield* ReadModel.list(ViewCounts, { orderBy: "views", descending: true })
  yield* say(`It has never run before; now it is at ${asOf.position}, all from events older than itself:`)
  yield* table(rows.map(({ productId, views }) => ["", productId, views, "views"]))
  const before = rows
  yield* SubscriptionControl.rebuild(ViewCounts)
  const after = yield* ReadModel.list(ViewCounts, { orderBy: "views", descending: true })
  const same = JSON.stringify(before) === JSON.stringify(after.rows)
  yield* say(`Thrown away and built again, its rows are ${same ? "the same" : "others"}.`)
})

/** Puts products on the list, and forgets to take them off. */
const Faulty = Projection.make(LowStock.name, {
  row: Row,
  events: [ProductCreated, StockUpdated],
  key: (event) => event.productId
}).on({
  ProductCreated: (row, event, { recordedAt }) => listed(row, event, recordedAt),
  StockUpdated: (row, event, { recordedAt }) => listed(row, event, recordedAt)
})

const listed = (row: Row | undefined, { productId, stock }: ProductCreated | StockUpdated, now: number) =>
  stock < threshold ? { productId, stock, since: row?.since ?? now } : row

const broken = Effect.gen(function* () {
  yield* section("Break: a list of what is low in stock, with a mistake in it")
  yield* Shop.create("sofa", 3)
  yield* Shop.stock("desk", 40)
  yield* Subscriptions.settled
  yield* say("New desks have come, and a new product, of which there are few:")
  yield* comparison(Faulty)
  yield* say('Where there is enough, its code says "row", and must say "undefined": no row.')
})

const replayed = Effect.gen(function* () {
  yield* section("Fix, and replay")
  yield* Subscriptions.settled
  yield* say("The mended code runs. It has read no event again, so the old rows are there:")
  yield* comparison(LowStock)
  const reached = yield* SubscriptionControl.rebuild(LowStock)
  yield* say(`Replayed up to position ${reached}:`)
  yield* comparison(LowStock)
  yield* say(
    "The facts were never wrong, only what had been made of them. (A higher version",
    "in the declaration of a read model does the same, at the next start.)"
  )
})

/** The rows of the list, each with what the log says of the product. */
const comparison = (list: Projection.Readable<typeof LowStock.name, Row>) =>
  Effect.gen(function* () {
    const { rows } = yield* ReadModel.list(list)
    const lines = yield* Effect.forEach(rows, ({ productId, stock }) =>
      Effect.map(History.stateAt(Product, productId), (state) => {
        const actual = state._tag === "Listed" ? state.stock : 0
        const verdict = actual < threshold ? "rightly listed" : "wrong"
        return ["", productId, "row:", stock, "log:", actual, verdict]
      })
    )
    yield* table(lines)
  })
