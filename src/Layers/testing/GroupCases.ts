/** What a log promises of commits that come together, whether or not it writes them together. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { Commit } from "../../Domain/Commit.ts"
import * as Expected from "../../Domain/Expected.ts"
import type { EventStore } from "../../Services/EventStore.ts"
import type { Case } from "./Contract.ts"
import { equal, range, unique } from "./Contract.ts"
import * as Log from "./ContractLog.ts"

/** Many at once. */
export const cases: ReadonlyArray<Case<EventStore>> = [
  Log.promise("of 200 commits at once each has its own outcome, and the log has no gap", (store) =>
    Effect.gen(function* () {
      const head = yield* store.head
      const known = yield* Log.commit(Log.part(yield* Log.freshStream(), 1))
      yield* store.append(known)
      const commits = [
        { commit: known, outcome: "found 1" },
        ...(yield* Effect.forEach(range(1, 199), mixed))
      ]
      const outcomes = yield* Effect.forEach(commits, ({ commit }) => Effect.either(store.append(commit)), {
        concurrency: "unbounded"
      })
      yield* equal(
        "outcomes",
        outcomes.map(described),
        commits.map(({ outcome }) => outcome)
      )
      const log = yield* Log.scan({ after: head })
      const written = outcomes.filter(Either.isRight).map(({ right }) => right.events)
      yield* equal(
        "the log is what was returned",
        log,
        written.flat().sort((a, b) => a.position - b.position)
      )
      yield* equal(
        "positions",
        log.map(({ position }) => position),
        range(head + 1, head + log.length)
      )
      for (const events of written) {
        const first = events[0]?.position ?? 0
        yield* equal(
          "a commit is one stretch",
          events.map(({ position }) => position),
          range(first, first + events.length - 1)
        )
      }
      const refused = commits.filter(({ outcome }) => outcome === "VersionConflict")
      yield* Log.untouched(...refused.flatMap(({ commit }) => commit.parts.map(({ stream }) => stream)))
    })
  ),

  Log.promise("the checkpoints that commits move at once do not mix", (store) =>
    Effect.gen(function* () {
      const subscribers = yield* Effect.forEach(range(1, 20), () => unique)
      const stream = yield* Log.freshStream()
      // Every third begins where nobody is.
      const isLost = (index: number) => index % 3 === 2
      for (const round of range(0, 2)) {
        const commits = yield* Effect.forEach(subscribers, (subscriber, index) =>
          Effect.map(Log.commit(Log.part(stream, 1)), (commit) => ({
            ...commit,
            advance: { subscriber, from: isLost(index) ? 99 : round * index, to: (round + 1) * index }
          }))
        )
        const outcomes = yield* Effect.forEach(commits, (commit) => Effect.either(store.append(commit)), {
          concurrency: "unbounded"
        })
        yield* equal(
          "refused",
          outcomes.map(Either.isLeft),
          subscribers.map((_, index) => isLost(index))
        )
        const found = yield* Effect.forEach(subscribers, (one) => store.checkpoint(one))
        yield* equal(
          "checkpoints",
          found,
          range(0, 19).map((index) => (isLost(index) ? 0 : (round + 1) * index))
        )
      }
      yield* equal("one event for each move", (yield* store.readStream({ stream })).length, 3 * 14)
    })
  )
]

// internal

/** A commit on streams of its own that is written, refused, or a check, and what must become of it. */
const mixed = (n: number): Effect.Effect<{ readonly commit: Commit; readonly outcome: string }> =>
  Effect.gen(function* () {
    const [stream, other] = [yield* Log.freshStream(), yield* Log.freshStream()]
    switch (n % 5) {
      case 0:
        return {
          commit: yield* Log.commit(Log.part(stream, 1, Expected.exactly(1))),
          outcome: "VersionConflict"
        }
      case 1:
        return { commit: yield* Log.commit(Log.part(stream, 1, Expected.noStream)), outcome: "wrote 1" }
      case 2: {
        const parts = [Log.part(stream, 2), Log.part(other, 0, Expected.streamExists)]
        return { commit: yield* Log.commit(...parts), outcome: "VersionConflict" }
      }
      case 3:
        return { commit: yield* Log.commit(Log.part(stream, 0, Expected.exactly(0))), outcome: "checked" }
      default:
        return { commit: yield* Log.commit(Log.part(stream, 3), Log.part(other, 2)), outcome: "wrote 5" }
    }
  })

const described: (outcome: Log.Outcome) => string = Either.match({
  onLeft: ({ _tag }) => _tag,
  onRight: ({ duplicate, events }) =>
    events.length === 0 ? "checked" : `${duplicate ? "found" : "wrote"} ${events.length}`
})
