/** Two read models of the same events, and what is known about each of them. */
import { Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import { Order } from "../../Domain/Ordering/Order.ts"
import { OrderIndex } from "../../Domain/Ordering/OrderIndex.ts"
import { OrderSummary } from "../../Domain/Ordering/OrderSummary.ts"
import { say, section, table } from "../Terminal.ts"

/** Shows who handles what, and how far everybody is. */
export const tell = Effect.gen(function* () {
  yield* section("Several handlers for one event")
  const handled = (types: ReadonlyArray<string>, type: string) => (types.includes(type) ? "handles it" : "–")
  yield* table([
    ["", OrderSummary.name, OrderIndex.name],
    ...Order.codec.types.map((type) => [
      type,
      handled(OrderSummary.codec.types, type),
      handled(OrderIndex.codec.types, type)
    ])
  ])
  yield* say("The second is one line in the module; neither commands nor the first know it.")

  yield* section("The state of a projection: the example's five fields")
  yield* fields
  yield* say("Positions lie with the rows; events and errors are those since it was started.")
})

/** Waits until everybody waits for more, or has halted. */
export const atRest = Effect.gen(function* () {
  const { all } = yield* Subscriptions.Subscriptions
  for (const subscription of yield* all) {
    yield* subscription.until(({ status }) => status === "Live" || status === "Halted")
  }
})

/** The five fields of each projection, under the names that they have there and here. */
export const fields = Effect.gen(function* () {
  yield* atRest
  const all = yield* Subscriptions.overview
  const states = all.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const row = (there: string, here: string, value: (state: Subscriptions.Progress) => string) => [
    there,
    here,
    ...states.map(value)
  ]
  yield* table([
    ["in the example", "here"],
    row("projection_id", "name", ({ name }) => name),
    row("last_processed_event_id", "event", ({ event }) => event ?? "–"),
    row("last_processed_position", "position", ({ position }) => String(position)),
    row("error_count", "errors", ({ errors }) => String(errors)),
    row("is_healthy", "status", ({ status }) => status)
  ])
})
