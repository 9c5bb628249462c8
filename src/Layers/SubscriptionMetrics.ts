/** The states of subscribers as metrics, for whatever collects them. */
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as Metric from "effect/Metric"
import type { State } from "../Services/Subscriptions.ts"

/** Sets the gauges of a subscriber, which are tagged with its name, where they have changed. */
export const of = (name: string): ((state: State) => Effect.Effect<void>) => {
  const tagged = gauges.map(({ gauge, of }) => ({ gauge: Metric.tagged(gauge, "subscriber", name), of }))
  const values = new Map<(typeof tagged)[number], number>()
  return (state) =>
    Effect.withFiberRuntime((fiber) => {
      for (const one of tagged) {
        const value = one.of(state)
        if (values.get(one) === value) continue
        values.set(one, value)
        one.gauge.unsafeUpdate(value, fiber.getFiberRef(FiberRef.currentMetricLabels))
      }
      return Effect.void
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
