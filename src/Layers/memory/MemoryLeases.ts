/** Leases in memory: they end with the program. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Text from "../../Domain/Text.ts"
import type { Lease } from "../../Services/Leases.ts"
import { checked, checkedText, end, isHeld, LeaseHeld, Leases } from "../../Services/Leases.ts"

export const make = Effect.sync(() => {
  const leases = new Map<string, Lease>()
  const forgotten = new Set<string>()
  const find = (subscriber: string) => leases.get(subscriber) ?? untaken(subscriber)
  const put = (lease: Lease) => {
    forgotten.delete(lease.subscriber)
    leases.set(lease.subscriber, lease)
  }

  return Leases.of({
    hold: (owner, duration, reports) =>
      Effect.zipRight(
        checked(
          owner,
          reports.flatMap(({ report, subscriber }) => [subscriber, report])
        ),
        Effect.map(Clock.currentTimeMillis, (now) => {
          const until = end(now, duration)
          for (const { report, subscriber } of reports) {
            const lease = find(subscriber)
            if (mayHold(lease, owner, now)) put({ ...held(lease, owner), until, report })
          }
          return reports.map(({ subscriber }) => find(subscriber))
        })
      ),
    release: (owner, subscribers) =>
      Effect.map(checked(owner, subscribers), () => {
        for (const lease of subscribers.map(find)) {
          if (lease.owner === owner) put({ ...lease, owner: "", until: 0 })
        }
      }),
    ask: (subscriber, paused) =>
      Effect.map(checkedText([subscriber]), () => {
        const lease = find(subscriber)
        put({ ...lease, asked: lease.asked + 1, paused: paused ?? lease.paused })
      }),
    forget: (subscriber) =>
      Effect.zipRight(checkedText([subscriber]), Clock.currentTimeMillis).pipe(
        Effect.flatMap((now) => {
          const lease = find(subscriber)
          if (isHeld(lease, now)) return Effect.fail(new LeaseHeld(lease))
          put({ ...lease, owner: "", until: 0, report: "" })
          forgotten.add(subscriber)
          return Effect.void
        })
      ),
    all: Effect.sync(() =>
      [...leases.values()]
        .filter(({ subscriber }) => !forgotten.has(subscriber))
        .sort((a, b) => Text.compare(a.subscriber, b.subscriber))
    )
  })
})

/** No lease yet. */
export const layer: Layer.Layer<Leases> = Layer.effect(Leases, make)

// internal

const untaken = (subscriber: string): Lease => ({
  subscriber,
  owner: "",
  epoch: 0,
  until: 0,
  paused: false,
  asked: 0,
  report: ""
})

const mayHold = (lease: Lease, owner: string, now: number) => lease.owner === owner || lease.until <= now

const held = (lease: Lease, owner: string): Lease =>
  lease.owner === owner ? lease : { ...lease, owner, epoch: lease.epoch + 1 }
