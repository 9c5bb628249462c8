/** What a log promises of steps that come together, whether or not it takes them together. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import type { EventStore } from "../../Services/EventStore.ts"
import type { Notes } from "../../Services/Notes.ts"
import type { Case } from "./Contract.ts"
import { equal, range, unique } from "./Contract.ts"
import * as Log from "./ContractLog.ts"
import { alone, find, isAt, note, ofOrders, place, promise, step, take } from "./ContractNotes.ts"

/** Many at once. */
export const cases: ReadonlyArray<Case<EventStore | Notes>> = [
  promise("of many who drop the same note at once, one wins", (store) =>
    Effect.gen(function* () {
      const [subscriber, stream] = [yield* unique, yield* Log.freshStream()]
      for (const round of range(1, 5)) {
        yield* take(subscriber, { keep: [note(round), note(round, "of all", "A-2")] })
        const commits = yield* Effect.forEach(range(1, 10), (n) =>
          Effect.map(Log.commit(Log.part(stream, 1)), (commit) => ({
            ...commit,
            advance: step(subscriber, { drop: [place(round)], keep: [note(round, `by ${n}`, "A-2")] })
          }))
        )
        const outcomes = yield* together(commits.map((commit) => Effect.either(store.append(commit))))
        const winners = range(1, 10).filter((n) => outcomes.map(Either.isRight)[n - 1])
        const lost = outcomes.filter(Either.isLeft).map(({ left }) => left._tag)
        yield* equal(
          "the others",
          lost,
          range(1, 9).map(() => "CheckpointMoved")
        )
        const found = yield* find(subscriber, { after: place(round - 1, "A-2") })
        yield* equal("the notes are the winner's", found, [note(round, `by ${winners.join()}`, "A-2")])
        yield* equal("and the events", (yield* store.readStream({ stream })).length, round)
      }
    })
  ),

  promise("of steps on their way each finds the notes that those before it have left", () =>
    Effect.gen(function* () {
      const [subscriber, other] = [yield* unique, yield* unique]
      const [one, another] = [place(1), place(1, "A-2")]
      const steps = [
        [{ drop: [one] }, false],
        [{ keep: [note(1, "first")] }, true],
        [{ drop: [one] }, true],
        [{ drop: [one] }, false],
        [{ keep: [note(1, "second"), note(1, "third", "A-2")] }, true],
        [{ drop: [one, another], keep: [note(1, "fourth")] }, true],
        [{ drop: [another], keep: [note(1, "fifth")] }, false],
        [{ drop: [one], keep: [note(1, "sixth")] }, true]
      ] as const
      const outcomes = yield* Log.inOrder([
        ...steps.map(([change]) => alone(subscriber, change)),
        alone(other, { drop: [one] })
      ])
      yield* equal("taken", outcomes.map(Either.isRight), [...steps.map(([, isTaken]) => isTaken), false])
      yield* isAt(subscriber, 0, [note(1, "sixth")])
      yield* isAt(other, 0, [])
    })
  ),

  promise("a commit twice on its way takes its step once", () =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      const commit = yield* Log.commit(Log.part(yield* Log.freshStream(), 1))
      const first = { ...commit, advance: step(subscriber, { to: 1, keep: [note(1, "first")] }) }
      const second = { ...commit, advance: step(subscriber, { from: 1, to: 2, keep: [note(1, "second")] }) }
      const outcomes = yield* Log.inOrder([first, second, first])
      const duplicates = outcomes.map((outcome) => Either.isRight(outcome) && outcome.right.duplicate)
      yield* equal("duplicates", duplicates, [false, true, true])
      yield* isAt(subscriber, 1, [note(1, "first")])
    })
  ),

  promise("the notes that many subscribers keep at once do not mix", () =>
    Effect.gen(function* () {
      const subscribers = yield* Effect.forEach(range(0, 19), () => unique)
      // Every third drops what it does not have.
      const isLost = (index: number) => index % 3 === 2
      for (const round of range(1, 3)) {
        const outcomes = yield* together(
          subscribers.map((subscriber, index) =>
            Effect.either(
              take(subscriber, {
                drop: isLost(index) ? [place(99)] : round === 1 ? [] : [place(round - 1)],
                keep: [note(round, String(index)), note(100 + round, String(index))]
              })
            )
          )
        )
        yield* equal("refused", outcomes.map(Either.isLeft), range(0, 19).map(isLost))
        for (const [index, subscriber] of subscribers.entries()) {
          const orders = isLost(index) ? [] : [round, ...range(101, 100 + round)]
          yield* isAt(
            subscriber,
            0,
            orders.map((order) => note(order, String(index)))
          )
        }
      }
    })
  ),

  promise("whoever tries again after another was first takes its step, and no note is lost", () =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      const counter = Effect.gen(function* () {
        const last = yield* find(subscriber, { key: "count" })
        yield* Effect.yieldNow()
        const next = last.map(({ order }) => note(order + 1, "counted", "count"))
        yield* take(subscriber, { drop: last, keep: next })
      })
      yield* take(subscriber, { keep: [note(1, "first", "count")] })
      const worker = Effect.forEach(range(1, 8), () =>
        Effect.retry(counter, { while: ({ _tag }) => _tag === "CheckpointMoved" })
      )
      yield* together(range(1, 6).map(() => worker))
      yield* isAt(subscriber, 0, [note(49, "counted", "count")])
    })
  ),

  promise("a reader meanwhile finds the notes of whole steps, and no step ahead of its notes", (store) =>
    Effect.gen(function* () {
      const subscriber = yield* unique
      const done = yield* Deferred.make<void>()
      yield* take(subscriber, { keep: ofOrders(0, 1_000) })
      const reader = yield* Effect.fork(
        Effect.gen(function* () {
          while (!(yield* Deferred.isDone(done))) {
            const before = yield* store.checkpoint(subscriber)
            const [first, second, ...others] = (yield* find(subscriber)).map(({ order }) => order)
            const after = yield* store.checkpoint(subscriber)
            yield* equal("two notes of one step", [second, others], [(first ?? NaN) + 1_000, []])
            yield* equal("not behind", (first ?? NaN) >= before && (first ?? NaN) <= after, true)
            yield* Effect.yieldNow()
          }
        })
      )
      for (const to of range(1, 60)) {
        const drop = ofOrders(to - 1, to + 999)
        yield* take(subscriber, { from: to - 1, to, drop, keep: ofOrders(to, to + 1_000) })
      }
      yield* Deferred.succeed(done, undefined)
      yield* Fiber.join(reader)
      yield* isAt(subscriber, 60, ofOrders(60, 1_060))
    })
  )
]

// internal

const together = <A, E, R>(effects: ReadonlyArray<Effect.Effect<A, E, R>>) =>
  Effect.all(effects, { concurrency: effects.length })
