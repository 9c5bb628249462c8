/** The states of subscribers as metrics, for whatever collects them. */
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { State } from "../Services/Subscriptions.ts"

/** Sets the gauges of a subscriber, which are tagged with its name. */
export const record = (state: State): Effect.Effect<void> =>
  Effect.gen(function* () {
    yield* Metric.set(position, state.position)
    yield* Metric.set(errors, state.errors)
    yield* Metric.set(parked, state.parked)
    yield* Metric.set(halted, state.status === "Halted" ? 1 : 0)
  }).pipe(Effect.tagMetrics("subscriber", state.name))

// internal

const gauge = (name: string, description: string) =>
  Metric.gauge(`everfold_subscriber_${name}`, { description })

const position = gauge("position", "the last position that the subscriber has dealt with")
const errors = gauge("errors", "how often something has failed since the subscriber was started")
const parked = gauge("parked", "how many events are set aside")
const halted = gauge("halted", "1 while the subscriber has halted")
