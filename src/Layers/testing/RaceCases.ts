/** What a log promises when several use it at once. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Expected from "../../Domain/Expected.ts"
import { EventStore } from "../../Services/EventStore.ts"
import type { Case } from "./Contract.ts"
import { equal, range, unique } from "./Contract.ts"
import * as Log from "./ContractLog.ts"

/** Races. */
export const cases: ReadonlyArray<Case<EventStore>> = [
  Log.promise("of many who expect the same version, one wins", (store) =>
    Effect.gen(function* () {
      const stream = yield* Log.freshStream()
      for (const version of range(0, 4)) {
        const attempt = Log.write(Log.part(stream, 1, Expected.exactly(version)))
        const outcomes = yield* together(range(1, 10).map(() => Effect.either(attempt)))
        const lost = outcomes.filter(Either.isLeft).map(({ left }) => left)
        yield* equal("winners", outcomes.length - lost.length, 1)
        for (const error of lost) {
          yield* equal("the others lost the race", "actual" in error && [error._tag, error.actual], [
            "VersionConflict",
            version + 1
          ])
        }
      }
      const events = yield* store.readStream({ stream })
      yield* equal(
        "versions",
        events.map(({ version }) => version),
        range(1, 5)
      )
    })
  ),

  Log.promise(
    "whoever appends again after a conflict gets in, and nothing is lost or written twice",
    (store) =>
      Effect.gen(function* () {
        const stream = yield* Log.freshStream()
        const head = yield* store.head
        const writer = Effect.gen(function* () {
          const ids: Array<string> = []
          for (const n of range(1, 10)) {
            const attempt = Effect.gen(function* () {
              const version = (yield* store.readStream({ stream })).length
              yield* Effect.yieldNow()
              return yield* Log.write({ stream, expected: Expected.exactly(version), events: [Log.event(n)] })
            })
            const { events } = yield* Effect.retry(attempt, {
              while: ({ _tag }) => _tag === "VersionConflict"
            })
            ids.push(...events.map(({ id }) => id))
          }
          return ids
        })
        const written = yield* together(range(1, 6).map(() => writer))
        const events = yield* store.readStream({ stream })
        yield* equal(
          "versions",
          events.map(({ version }) => version),
          range(1, 60)
        )
        yield* equal(
          "positions",
          events.map(({ position }) => position - head),
          range(1, 60)
        )
        for (const ids of written) {
          const own = events.filter(({ id }) => ids.includes(id)).map(({ id }) => id)
          yield* equal("each writer's events, in its order", own, ids)
        }
      })
  ),

  Log.promise("writers to many streams leave no gap, and a reader meanwhile misses nothing", (store) =>
    Effect.gen(function* () {
      const head = yield* store.head
      const done = yield* Deferred.make<void>()
      const reader = yield* Effect.fork(
        Effect.gen(function* () {
          const seen: Array<number> = []
          while (true) {
            const last = yield* Deferred.isDone(done)
            for (const { position } of yield* Log.scan({ after: head + seen.length, limit: 7 }))
              seen.push(position)
            if (last) return seen
            yield* Effect.yieldNow()
          }
        })
      )
      const writers = range(1, 8).map(() =>
        Effect.gen(function* () {
          const stream = yield* Log.freshStream()
          for (const count of [1, 3, 2, 9]) yield* Log.append(stream, count)
          return stream
        })
      )
      const streams = yield* together(writers)
      yield* Deferred.succeed(done, undefined)
      yield* equal("what the reader saw", yield* Fiber.join(reader), range(head + 1, head + 8 * 15))
      for (const stream of streams) {
        const versions = (yield* store.readStream({ stream })).map(({ version }) => version)
        yield* equal("versions of each stream", versions, range(1, 15))
      }
    })
  ),

  Log.promise("of two runners at one checkpoint, one moves it and writes", (store) =>
    Effect.gen(function* () {
      const [subscriber, stream] = [yield* unique, yield* Log.freshStream()]
      for (const from of range(0, 4)) {
        const commits = yield* Effect.forEach(range(1, 4), () =>
          Effect.map(Log.commit(Log.part(stream, 1)), (commit) => ({
            ...commit,
            advance: { subscriber, from, to: from + 1 }
          }))
        )
        const outcomes = yield* together(commits.map((commit) => Effect.either(store.append(commit))))
        const lost = outcomes.filter(Either.isLeft).map(({ left }) => left._tag)
        yield* equal(
          "the others",
          lost,
          range(1, 3).map(() => "CheckpointMoved")
        )
      }
      yield* equal("the checkpoint", yield* store.checkpoint(subscriber), 5)
      yield* equal("one event for each step", (yield* store.readStream({ stream })).length, 5)
    })
  )
]

// internal

const together = <A, E, R>(effects: ReadonlyArray<Effect.Effect<A, E, R>>) =>
  Effect.all(effects, { concurrency: effects.length })
