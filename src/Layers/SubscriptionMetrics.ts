/** The states of subscribers as metrics, for whatever collects them. */
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { State } from "../Services/Subscriptions.ts"

/** Sets the gauges of a subscriber, which are tagged with its name. */
export const of = (name: string): ((state: State) => Effect.Effect<void>) => {
  const tagged = gauges.map(({ gauge, of }) => [Metric.tagged(gauge, "subscriber", name), of] as const)
  return (state) => Effect.forEach(tagged, ([gauge, of]) => Metric.set(gauge, of(state)), { discard: true })
}

// internal

const gauge = (name: string, description: string, of: (state: State) => number) => ({
  gauge: Metric.gauge(`everfold_subscriber_${name}`, { description }),
  of
})

const gauges = [
  gauge("position", "the last position that the subscriber has dealt with", ({ position }) => position),
  gauge("errors", "how often something has failed since the subscriber was started", ({ errors }) => errors),
  gauge("parked", "how many events are set aside", ({ parked }) => parked),
  gauge("halted", "1 while the subscriber has halted", ({ status }) => (status === "Halted" ? 1 : 0))
]
