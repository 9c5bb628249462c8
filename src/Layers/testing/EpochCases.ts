/** What a log promises of the epochs under which subscribers take their steps: they fence a former owner. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { EventStore } from "../../Services/EventStore.ts"
import type { Notes } from "../../Services/Notes.ts"
import type { Case } from "./Contract.ts"
import { equal, range, unique } from "./Contract.ts"
import * as Log from "./ContractLog.ts"
import { alone, isAt, ofOrders, promise, refuses, step, take } from "./ContractNotes.ts"

/** Epochs. */
export const cases: ReadonlyArray<Case<EventStore | Notes>> = [
  promise("a step of an older epoch than the last one is refused, wherever it begins", (store) =>
    Effect.gen(function* () {
      const [subscriber, stream] = [yield* unique, yield* Log.freshStream()]
      yield* take(subscriber, { to: 4, epoch: 3 })
      for (const epoch of [0, 1, 2]) {
        for (const from of [0, 4]) {
          yield* refuses(`epoch ${epoch} from ${from}`, subscriber, { from, to: 5, epoch })
        }
        const commit = yield* Log.commit(Log.part(stream, 1))
        const advance = step(subscriber, { from: 4, to: 5, epoch })
        const failed = yield* Effect.flip(store.append({ ...commit, advance }))
        yield* equal(
          "with events",
          { ...failed },
          { _tag: "CheckpointMoved", subscriber, expected: 4, epoch: 3 }
        )
      }
      yield* Log.untouched(stream)
      yield* isAt(subscriber, 4, [])
    })
  ),

  promise("a step from where the checkpoint is to the same place raises its epoch", () =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      yield* take(subscriber, { to: 4, epoch: 1 })
      yield* take(subscriber, { from: 4, to: 4, epoch: 2 })
      yield* isAt(subscriber, 4, [])
      yield* refuses("the former owner", subscriber, { from: 4, to: 5, epoch: 1 })
      yield* take(subscriber, { from: 4, to: 5, epoch: 2 })
      yield* isAt(subscriber, 5, [])
      const newcomer = yield* unique
      yield* take(newcomer, { epoch: 7 })
      yield* refuses("before its first step", newcomer, { to: 1, epoch: 6 })
      yield* isAt(newcomer, 0, [])
    })
  ),

  promise("its owner goes on in the same epoch, and the next one in any later", () =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      const epochs = [0, 0, 1, 1, 2, 5, 5, 1_790_000_000_000, 2 ** 53 - 1, 2 ** 53 - 1]
      for (const [from, epoch] of epochs.entries()) {
        yield* take(subscriber, { from, to: from + 1, epoch })
        if (epoch > 0)
          yield* refuses("the one before", subscriber, { from: from + 1, to: 9, epoch: epoch - 1 })
      }
      yield* isAt(subscriber, epochs.length, [])
    })
  ),

  promise("a step without an epoch is taken, and the epoch stays as it is", () =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      yield* take(subscriber, { to: 1, epoch: 3 })
      yield* take(subscriber, { from: 1, to: 2, keep: ofOrders(1) })
      yield* refuses("a former owner", subscriber, { from: 2, to: 3, epoch: 2 })
      yield* take(subscriber, { from: 2, to: 3, epoch: 3 })
      yield* isAt(subscriber, 3, ofOrders(1))
    })
  ),

  promise("a step that is refused raises nothing", (store) =>
    Effect.gen(function* () {
      const [subscriber, stream] = [yield* unique, yield* Log.freshStream()]
      yield* take(subscriber, { to: 1, epoch: 3 })
      yield* refuses("from elsewhere", subscriber, { from: 2, to: 3, epoch: 9 })
      yield* refuses("without its note", subscriber, { from: 1, to: 3, epoch: 9, drop: ofOrders(1) })
      const conflict = yield* Log.commit(Log.part(stream, 1, { _tag: "StreamExists" }))
      const advance = step(subscriber, { from: 1, to: 3, epoch: 9 })
      const failed = yield* Effect.flip(store.append({ ...conflict, advance }))
      yield* equal("a conflict", failed._tag, "VersionConflict")
      yield* take(subscriber, { from: 1, to: 2, epoch: 3 })
      yield* isAt(subscriber, 2, [])
    })
  ),

  promise("the epochs of subscribers have nothing to do with each other", () =>
    Effect.gen(function* () {
      const [one, other] = [yield* unique, yield* unique]
      yield* take(one, { to: 1, epoch: 9 })
      yield* take(other, { to: 1, epoch: 1 })
      yield* take(other, { from: 1, to: 2, epoch: 1 })
      yield* isAt(other, 2, [])
    })
  ),

  promise("of steps on their way each meets the epoch that those before it have left", () =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      const epochs = [1, 2, 1, 2, undefined, 1, 3, 2, undefined, 3]
      const steps = epochs.map((epoch) => alone(subscriber, epoch === undefined ? {} : { epoch }))
      const outcomes = yield* Log.inOrder(steps)
      yield* equal("taken", outcomes.map(Either.isRight), [
        true,
        true,
        false,
        true,
        true,
        false,
        true,
        false,
        true,
        true
      ])
    })
  ),

  promise(
    "of two owners who go on at once the former one takes no step after the first of the other",
    (store) =>
      Effect.gen(function* () {
        const [subscriber, stream] = [yield* unique, yield* Log.freshStream()]
        const outcomes = yield* Effect.forEach(
          range(1, 40),
          (n) =>
            Effect.flatMap(Log.commit({ ...Log.part(stream, 0), events: [Log.event(n)] }), (commit) =>
              Effect.either(
                store.append({
                  ...commit,
                  advance: step(subscriber, { epoch: n <= 20 ? 1 : 2, keep: ofOrders(n) })
                })
              )
            ),
          { concurrency: "unbounded" }
        )
        const taken = range(1, 40).filter((n) => outcomes.map(Either.isRight)[n - 1])
        yield* isAt(subscriber, 0, ofOrders(...taken))
        const inOrder = (yield* Log.payloads(stream)).map((payload) => Number(JSON.parse(payload).n))
        yield* equal(
          "what was taken",
          inOrder.toSorted((a, b) => a - b),
          taken
        )
        const later = inOrder.slice(inOrder.findIndex((n) => n > 20))
        yield* equal(
          "after the first of the other",
          later.toSorted((a, b) => a - b),
          range(21, 40)
        )
        yield* refuses("the former owner", subscriber, { epoch: 1 })
      })
  )
]
