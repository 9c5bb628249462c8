/** Handlers that fail, throw and hang, in a program that is started again and again, until somebody mends them. */
import type { FailurePolicy } from "everfold"
import { Parked, Projector, SubscriptionControl, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as Chance from "../Chance.ts"
import type { Fault } from "../Fault.ts"
import * as Books from "../subscribers/Books.ts"
import * as Life from "../subscribers/Life.ts"
import * as Office from "../subscribers/Office.ts"
import type { Stores } from "../subscribers/Place.ts"
import * as Trial from "../subscribers/Trial.ts"
import * as Patience from "./Patience.ts"
import * as Troubles from "./Troubles.ts"

/** Each run is a program that is started up to four times, in memory or on files. */
export const fault: Fault = {
  name: "handlers",
  title: "5 % of handlers fail, 1 % throw, 1 % hang",
  full: 1000,
  ci: 100,
  run: (schedule) =>
    Effect.suspend(() => {
      const table = new Map<string, number>()
      const count = (kind: string, times: number) => table.set(kind, (table.get(kind) ?? 0) + times)
      return Effect.map(
        Trial.inTurn((place, watch) => Effect.flatMap(place.open(), (stores) => trial(stores, watch, count)))(
          schedule
        ),
        (outcome) => ({
          ...outcome,
          violations: [...outcome.violations, ...(schedule.runs < 20 ? [] : missing(table))],
          lines: Array.from(table, ([kind, times]) => `${kind.padEnd(12)}${String(times).padStart(7)}`)
        })
      )
    })
}

// internal

/** Four attempts within some seconds, or within a minute where each of them hangs. */
const policy: Partial<FailurePolicy.FailurePolicy> = {
  retry: Schedule.intersect(Schedule.spaced("1 second"), Schedule.recurs(3)),
  timeout: "10 seconds"
}

/** How often the clock may have to move until everybody has done what there is to do. */
const mostSteps = 50

/** Longer than anybody can have to do. */
const rest = Effect.sleep("1 hour")

const trial = (
  stores: Stores,
  { errors, seed, steps }: Trial.Watch,
  count: (kind: string, times: number) => void
) =>
  Effect.gen(function* () {
    const troubles = Troubles.make(seed)
    const outside = Office.outside()
    const Ledger = Office.ledger(troubles)
    const life = Effect.suspend(() => {
      outside.life += 1
      const subscribers = Layer.mergeAll(
        Office.subscribers(troubles, { ...outside }, policy),
        Projector.layer(Ledger),
        stores.tables
      )
      return Life.start(stores, { subscribers })
    })
    const writing = yield* Effect.fork(Life.send(stores, yield* Chance.one(Life.wishes(24))))
    const lives = yield* Random.nextIntBetween(0, 4)
    yield* Effect.repeatN(
      Effect.scoped(Effect.zipRight(life, Effect.delay(Effect.void, yield* Random.nextIntBetween(0, 5000)))),
      lives
    )
    const running = yield* life
    const written = yield* Fiber.join(writing)
    const begun = steps()
    yield* rest
    const needed = steps() - begun
    return yield* Effect.gen(function* () {
      const states = yield* Subscriptions.status
      const before = [
        ...(yield* Trial.unwell(stores, [...Office.troubled, Ledger.name])),
        ...(yield* Patience.broken(stores, outside)),
        ...Patience.silence(states, errors)
      ]
      const aside = states.reduce((sum, { parked }) => sum + parked, 0)
      troubles.cure()
      yield* SubscriptionControl.resume(Ledger)
      const left = yield* Effect.forEach(Office.troubled, retried)
      yield* rest
      for (const [kind, times] of troubles.struck) count(kind, times)
      count("set aside", aside)
      count("started", outside.life)
      return [
        ...(needed > mostSteps ? [`everybody is done only after ${needed} steps of the clock`] : []),
        ...left.flat(),
        ...before.map((violation) => `before the cure: ${violation}`),
        ...(yield* Books.audit(stores, written, outside)),
        ...Patience.forgotten(outside),
        ...(yield* Trial.unwell(stores))
      ]
    }).pipe(Effect.provide(running))
  })

/** Whatever is still set aside when the attempt that was asked for is over. */
const retried = (name: string) =>
  Effect.gen(function* () {
    yield* Parked.retry({ name })
    const left = yield* Parked.list({ name })
    return left.map(({ event }) => `${name} was to try again, and ${event} is still set aside`)
  })

const missing = (table: ReadonlyMap<string, number>): ReadonlyArray<string> =>
  ["fails", "passes", "hangs", "throws", "set aside"].flatMap((kind) =>
    (table.get(kind) ?? 0) > 0 ? [] : [`"${kind}" was not tried`]
  )
