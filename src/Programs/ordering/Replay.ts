/** The same rows from the same events: in memory, without any of everfold, and beside the rows that are served. */
import { History, Projection, ReadModel, SubscriptionControl } from "everfold"
import * as Effect from "effect/Effect"
import { Order } from "../../Domain/Ordering/Order.ts"
import { OrderSummary } from "../../Domain/Ordering/OrderSummary.ts"
import type { Row } from "../../Domain/Ordering/OrderSummary.ts"
import { say, section, table } from "../Terminal.ts"

/** Makes the summaries again, in two ways. */
export const tell = Effect.gen(function* () {
  yield* section("Replay")
  const { rows } = yield* ReadModel.list(OrderSummary)
  const histories = yield* Effect.forEach(rows, ({ orderId }) => History.of(Order, orderId))
  const events = histories.flat().map(({ event }) => event)
  const folded = Array.from(Projection.run(OrderSummary, events).values())

  const reached = yield* SubscriptionControl.rebuild(OrderSummary)
  const rebuilt = yield* ReadModel.list(OrderSummary)
  const former = yield* SubscriptionControl.prune(OrderSummary)
  yield* table([
    ["Projection.run", events.length, "events into", folded.length, "rows", compared(rows, folded)],
    ["rebuild", reached, "events into", rebuilt.rows.length, "rows", compared(rows, rebuilt.rows)]
  ])
  yield* say(`Sets of rows that nobody reads any more, removed: ${former}.`)
})

// internal

const compared = (before: ReadonlyArray<Row>, after: ReadonlyArray<Row>): string =>
  JSON.stringify(before) === JSON.stringify(after) ? "the same as before" : "not the same"
