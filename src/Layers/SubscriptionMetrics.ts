/** The states of subscribers as metrics, for whatever collects them. */
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { State } from "../Services/Subscriptions.ts"

/** Sets the gauges of a subscriber, which are tagged with its name, where they have changed. */
export const of = (name: string): ((state: State) => Effect.Effect<void>) => {
  const tagged = gauges.map(({ gauge, of }) => ({ gauge: Metric.tagged(gauge, "subscriber", name), of }))
  const values = new Map<(typeof tagged)[number], number>()
  return (state) =>
    Effect.suspend(() => {
      const changed = tagged.filter((one) => values.get(one) !== one.of(state))
      return Effect.forEach(
        changed,
        (one) => {
          values.set(one, one.of(state))
          return Metric.set(one.gauge, one.of(state))
        },
        { discard: true }
      )
    })
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
