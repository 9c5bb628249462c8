/** Rings that are lost, late or doubled, a bus that loses, repeats and reorders, or no doorbell at all. */
import { Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Chance from "../Chance.ts"
import type { Fault } from "../Fault.ts"
import * as Books from "../subscribers/Books.ts"
import * as Bus from "../subscribers/Bus.ts"
import * as Life from "../subscribers/Life.ts"
import * as Office from "../subscribers/Office.ts"
import * as Trial from "../subscribers/Trial.ts"
import * as Trouble from "../subscribers/Trouble.ts"

/** Each run is a program in memory and one on files, with customers before and while it runs. */
export const fault: Fault = {
  name: "doorbells",
  title: "rings and pages lost, late, twice, reordered",
  full: 200,
  ci: 20,
  run: (schedule) => Trial.onBothPlaces(trial)(schedule)
}

// internal

const shares = { lost: 0.25, late: 0.25, overlapping: 0.25 }

const trial: Trial.Trial = (place, { errors, seed }) =>
  Effect.gen(function* () {
    const stores = yield* place.open(Bus.doorbell(seed % 4 > 0))
    const outside = Office.outside()
    const customers = yield* Effect.forEach([8, 8, 8], (most) => Chance.one(Life.wishes(most)))
    const subscribers = Layer.merge(Office.subscribers(Trouble.none, outside), stores.tables).pipe(
      Layer.provide(Bus.unreliable(shares))
    )
    const life = Effect.gen(function* () {
      yield* Effect.sleep(yield* Random.nextIntBetween(0, 2000))
      return yield* Life.start(stores, { subscribers, poll: "250 millis" })
    })
    const writing = Effect.forEach(customers, (wishes) => Life.send(stores, wishes), {
      concurrency: "unbounded"
    })
    const [ids, running] = yield* Effect.all([writing, life], { concurrency: "unbounded" })
    const settled = Effect.provide(Subscriptions.settled, running)
    yield* settled
    // The last timers are due, and what they have sent is read.
    yield* Effect.sleep("3 seconds")
    yield* settled
    return [
      ...(yield* Books.audit(stores, ids.flat(), outside)),
      ...Trial.disordered(outside),
      ...errors,
      ...(yield* Effect.provide(Trial.unwell(stores), running))
    ]
  })
