/** Every page comes one to three times, overlapping, out of order; and answers of stores are lost, so that it comes again. */
import type { Commit } from "everfold"
import { EventStore, ProjectionStore, StoreError, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import { wrapped } from "../../Layers/Stacks.ts"
import * as Chance from "../Chance.ts"
import type { Fault } from "../Fault.ts"
import * as Books from "../subscribers/Books.ts"
import * as Bus from "../subscribers/Bus.ts"
import * as Life from "../subscribers/Life.ts"
import * as Office from "../subscribers/Office.ts"
import * as Trial from "../subscribers/Trial.ts"
import * as Trouble from "../subscribers/Trouble.ts"

/** Each run is one customer of a program in memory and one on files; what has to come of it is known. */
export const fault: Fault = {
  name: "deliveries",
  title: "pages delivered up to 3 times, overlapping",
  full: 2000,
  ci: 200,
  run: (schedule) => Trial.inTurn(trial)(schedule)
}

// internal

const shares = { lost: 0, late: 0.3, overlapping: 0.5 }

/** Of the answers of stores, so many are lost after the work was done. */
const lost = 0.05

const trial: Trial.Trial = (place, { errors }) =>
  Effect.gen(function* () {
    const stores = yield* place.open()
    const outside = Office.outside()
    const subscribers = Layer.merge(Office.subscribers(Trouble.none, outside), stores.tables).pipe(
      Layer.provide(Layer.mergeAll(Bus.unreliable(shares), forgetfulLog, forgetfulRows))
    )
    const wishes = yield* Chance.one(Life.wishes(12))
    const running = yield* Life.start(stores, { subscribers })
    const ids = yield* Life.send(stores, wishes)
    yield* Effect.gen(function* () {
      yield* Subscriptions.settled
      yield* Effect.sleep("3 seconds")
      yield* Subscriptions.settled
    }).pipe(Effect.provide(running))
    return [
      ...(yield* Books.audit(stores, ids, outside)),
      ...Trial.disordered(outside),
      ...errors,
      ...(yield* Effect.provide(Trial.unwell(stores), running))
    ]
  })

/** Sometimes does its work, and says that nobody knows. */
const forgetful = <A, E>(work: Effect.Effect<A, E>): Effect.Effect<A, E | StoreError.StoreError> =>
  Effect.flatMap(work, (answer) =>
    Effect.flatMap(Random.next, (chance) =>
      chance < lost
        ? StoreError.make("OutcomeUnknown", "the answer was lost on its way")
        : Effect.succeed(answer)
    )
  )

const forgetfulLog = wrapped(EventStore.EventStore, (store) => ({
  ...store,
  append: (commit: Commit.Commit, queued?: () => void) => forgetful(store.append(commit, queued))
}))

const forgetfulRows = wrapped(ProjectionStore.ProjectionStore, (store) => ({
  ...store,
  write: (batch) => forgetful(store.write(batch))
}))
