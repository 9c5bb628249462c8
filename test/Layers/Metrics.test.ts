import { describe, expect, it } from "@effect/vitest"
import { Subscriber, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as MetricState from "effect/MetricState"
import * as Schedule from "effect/Schedule"
import { Deposited } from "../Bank.ts"
import { deposits, errors, stacks } from "./Stacks.ts"

/** The gauges of a subscriber, by their names. */
const gaugesOf = (subscriber: string) =>
  Effect.map(Metric.snapshot, (all) =>
    Object.fromEntries(
      all.flatMap(({ metricKey: { name, tags }, metricState }) =>
        tags.some(({ key, value }) => key === "subscriber" && value === subscriber) &&
        MetricState.isGaugeState(metricState)
          ? [[name.replace("everfold_subscriber_", ""), metricState.value]]
          : []
      )
    )
  )

describe.each(stacks)("the gauges of a subscriber on $name", ({ layer, name: stack }) => {
  const name = `measured in ${stack}`
  const subscriber = Subscriber.make(name, { events: [Deposited] }).on({
    Deposited: ({ amount }) => (amount === 2 ? Effect.fail("no") : Effect.void)
  })

  it.effect("say where it is, what has failed, what is set aside, and whether it has halted", () =>
    Effect.gen(function* () {
      yield* deposits(1)
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        expect(yield* gaugesOf(name)).toEqual({ position: 1, errors: 0, parked: 0, halted: 0 })
        yield* deposits(2, 3)
        yield* Subscriptions.settled
        expect(yield* gaugesOf(name)).toEqual({ position: 3, errors: 1, parked: 2, halted: 0 })
        yield* deposits("much")
        yield* Effect.flip(Subscriptions.settled)
        expect(yield* gaugesOf(name)).toEqual({ position: 3, errors: 2, parked: 2, halted: 1 })
      }).pipe(Effect.provide(Subscriber.layer(subscriber, { retry: Schedule.stop })))
    }).pipe(Effect.provide(layer), Effect.provide(errors().layer))
  )
})
