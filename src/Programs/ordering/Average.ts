/** A projection with a mistake: it halts, is mended, and its rows are built again from the log. */
import { Projection, Projector, ReadModel, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ItemAdded } from "../../Domain/Ordering/Events.ts"
import { amountOf } from "../../Domain/Ordering/Values.ts"
import type { Heard } from "../Heard.ts"
import * as Shop from "../Shop.ts"
import { say, section, table } from "../Terminal.ts"
import { add, dollars, handle, send } from "./Orders.ts"
import { atRest, fields } from "./Projections.ts"

/** Breaks it, and mends it. */
export const tell = (heard: Heard) =>
  Effect.zipRight(
    Effect.provide(breaks(heard), Projector.layer(Faulty)),
    Effect.provide(mended, Projector.layer(Average))
  )

// internal

const Row = Schema.Struct({
  orderId: Schema.String,
  lines: Schema.Int,
  pieces: Schema.Int,
  /** In cents, like the average. */
  total: Schema.Int,
  average: Schema.Int
})
type Row = typeof Row.Type

/** What a piece costs on average. */
const averageBy = (version: number, average: (row: Row) => number) =>
  Projection.make("average", {
    row: Row,
    events: [ItemAdded],
    key: (event) => event.orderId,
    version
  }).on({
    ItemAdded: (row, event) => {
      const next = {
        orderId: event.orderId,
        lines: (row?.lines ?? 0) + 1,
        pieces: (row?.pieces ?? 0) + event.quantity,
        total: (row?.total ?? 0) + amountOf(event),
        average: 0
      }
      return { ...next, average: average(next) }
    }
  })

/** Divides by the wrong number, and leaves what the division leaves. */
const Faulty = averageBy(1, ({ lines, total }) => total / lines)

const Average = averageBy(2, ({ pieces, total }) => Math.round(total / pieces))

const breaks = (heard: Heard) =>
  Effect.gen(function* () {
    yield* section('A mistake in "average", what a piece of an order costs')
    yield* Subscriptions.settled
    yield* say("It divides by the lines, not by the pieces; ORDER-002 shows the difference:")
    yield* rows(Faulty)
    yield* say("Nobody notices, until three lines do not divide into whole cents:")
    yield* send(add(3, "Bulb", 2, 350))
    yield* handle(add(3, "Shade", 1, 1200))
    const running = yield* Subscriptions.running(Faulty)
    yield* running.until(({ status }) => status === "Halted")
    yield* Shop.othersSettled
    yield* heard.print
    yield* fields
  })

const mended = Effect.gen(function* () {
  yield* section("The mistake is mended, and the version of the projection raised")
  yield* Subscriptions.settled
  yield* say("Its rows were built again from the log, by themselves:")
  yield* rows(Average)
  yield* atRest
  const running = yield* Subscriptions.running(Average)
  const { errors, position, status } = yield* running.state
  yield* say(`"average" is ${status} at ${position}, with ${errors} errors since it was started.`)
})

const rows = (projection: typeof Average) =>
  Effect.flatMap(ReadModel.list(projection), ({ rows }) =>
    table([
      ["", "order", "lines", "pieces", "total", "average"],
      ...rows.map(({ average, lines, orderId, pieces, total }) => [
        "",
        orderId,
        lines,
        pieces,
        dollars(total),
        dollars(average)
      ])
    ])
  )
