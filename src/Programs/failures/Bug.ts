/** A projection with a mistake: it halts, is mended, goes on, and is built again beside the rows that are served. */
import { EventStore, Projection, Projector, ReadModel, SubscriptionControl, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { ProductCreated, StockUpdated } from "../../Domain/Catalogue/Events.ts"
import type { Heard } from "../Heard.ts"
import * as Shop from "../Shop.ts"
import { say, section, table } from "../Terminal.ts"

/** Breaks it, mends it, and builds its rows again. */
export const tell = (heard: Heard) =>
  Effect.gen(function* () {
    yield* Effect.provide(breaks(heard), Projector.layer(Faulty))
    const gate = yield* Effect.makeLatch(true)
    yield* Effect.zipRight(goesOn, rebuilt(gate)).pipe(
      Effect.provide(Layer.provide(Projector.layer(Shelf), logBehind(gate)))
    )
  })

// internal

/** One bar for ten units. */
const shelf = (bars: (stock: number) => number) => {
  const draw = ({ productId, stock }: ProductCreated | StockUpdated) => ({
    product: productId,
    bars: "▮".repeat(bars(stock))
  })
  return Projection.make("shelf", {
    row: Schema.Struct({ product: Schema.String, bars: Schema.String }),
    events: [ProductCreated, StockUpdated],
    key: (event) => event.productId
  }).on({ ProductCreated: (_, event) => draw(event), StockUpdated: (_, event) => draw(event) })
}

const Shelf = shelf((stock) => Math.ceil(stock / 10))

/** One bar is missing everywhere, and nothing left is one bar less than nothing. */
const Faulty = shelf((stock) => Math.ceil(stock / 10) - 1)

const breaks = (heard: Heard) =>
  Effect.gen(function* () {
    yield* section('A mistake in "shelf", which draws a bar for ten units')
    yield* Subscriptions.reached(Shelf, { position: 2 })
    yield* say("There are 30 lamps and 40 desks. One bar is missing, and nobody notices:")
    yield* rows
    yield* say("The last lamp is sold. One bar less than none cannot be drawn:")
    yield* Shop.stock("lamp", 0)
    const running = yield* Subscriptions.running(Shelf)
    yield* running.until(({ status }) => status === "Halted")
    yield* Shop.othersSettled
    yield* heard.print
    yield* say("Everybody else has gone on, and more lamps are ordered:")
    yield* Shop.overview
    const waited = yield* Effect.either(Subscriptions.settled)
    yield* say(
      `Waiting for everybody fails at once: ${Either.isLeft(waited) ? waited.left._tag : "it does not"}.`,
      "Operators: readers see the rows as they were, so there is time to mend it."
    )
  })

const goesOn = Effect.gen(function* () {
  yield* section("The mistake is mended and deployed, under the same name")
  yield* Subscriptions.settled
  yield* say('"shelf" has gone on with the event that it could not draw:')
  yield* rows
  yield* say("The lamps are right; the desks were drawn by the old code: rebuild.")
})

/** The log, which keeps whoever reads it from the beginning waiting after two events, until the gate is open. */
const logBehind = (gate: Effect.Latch) =>
  Layer.effect(
    EventStore.EventStore,
    Effect.map(EventStore.EventStore, (log) => ({
      ...log,
      readAll: (query) =>
        query.after === 2
          ? Effect.zipRight(gate.await, log.readAll(query))
          : log.readAll({ ...query, limit: 2 })
    }))
  )

const rebuilt = (gate: Effect.Latch) =>
  Effect.gen(function* () {
    yield* gate.close
    const rebuild = yield* Effect.fork(SubscriptionControl.rebuild(Shelf))
    const running = yield* Subscriptions.running(Shelf)
    yield* running.until(({ building }) => building?.position === 2)
    const { building, position } = yield* running.state
    yield* say(
      `New rows at ${building?.position ?? "?"}; the rows that readers see, at ${position}, are the old ones:`
    )
    yield* rows
    yield* gate.open
    const reached = yield* Fiber.join(rebuild)
    yield* say(`New rows at ${reached}: readers see them, all at once.`)
    yield* rows
    yield* say("Operators: rebuild whenever you like. No alert and no order came of it.")
  })

const rows = Effect.flatMap(ReadModel.list(Shelf), ({ asOf, rows }) =>
  table(
    rows.map(({ bars, product }) => ["", product, bars === "" ? "(no bar)" : bars, `as of ${asOf.position}`])
  )
)
