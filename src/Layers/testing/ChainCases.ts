/** What a log promises of commits that build on each other before they are written. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { Commit } from "../../Domain/Commit.ts"
import { eventId } from "../../Domain/Commit.ts"
import * as Expected from "../../Domain/Expected.ts"
import type { EventStore } from "../../Services/EventStore.ts"
import type { Case } from "./Contract.ts"
import { equal, range, refuses } from "./Contract.ts"
import * as Log from "./ContractLog.ts"

/** Chains of commits. */
export const cases: ReadonlyArray<Case<EventStore>> = [
  Log.promise("an expectation that names the last event does not hold over another one", (store) =>
    Effect.gen(function* () {
      const stream = yield* Log.freshStream()
      const { events } = yield* Log.append(stream, 2)
      const [first, second] = events.map(({ id }) => id)
      for (const last of [first, "of nobody", `${second} `, ""]) {
        for (const count of [1, 0]) {
          const expected = Expected.exactly(2, last)
          yield* refuses(`after ${last}`, Log.write(Log.part(stream, count, expected)), {
            _tag: "VersionConflict",
            stream,
            actual: 2,
            expected: Expected.describe(expected)
          })
        }
      }
      for (const version of [0, 1, 3]) {
        const append = Log.write(Log.part(stream, 1, Expected.exactly(version, second)))
        yield* refuses(`at ${version}`, append, { _tag: "VersionConflict" })
      }
      const missing = yield* Log.freshStream()
      const none = Log.write(Log.part(missing, 1, Expected.exactly(0, "of nobody")))
      yield* refuses("no event yet", none, { _tag: "VersionConflict", actual: 0 })
      yield* Log.untouched(missing)
      const right = yield* Log.write(Log.part(stream, 1, Expected.exactly(2, second)))
      yield* equal("the right one", right.events[0]?.version, 3)
      yield* equal("the stream", (yield* store.readStream({ stream })).length, 3)
    })
  ),

  Log.promise(
    "commits that build on each other are written in the order in which they were queued",
    (store) =>
      Effect.gen(function* () {
        for (const length of [2, 5, 40]) {
          const stream = yield* Log.freshStream()
          yield* Log.append(stream, 2)
          const chain = yield* linked(stream, 2, length)
          const outcomes = yield* Log.inOrder(chain)
          yield* equal("refused", outcomes.filter(Either.isLeft), [])
          const ids = (yield* store.readStream({ stream, after: 2 })).map(({ id }) => id)
          yield* equal(
            "the stream",
            ids,
            chain.map(({ id }) => eventId(id, 0))
          )
        }
      })
  ),

  Log.promise("where a rival was first, what builds on the refused commit is refused too", (store) =>
    Effect.gen(function* () {
      const stream = yield* Log.freshStream()
      yield* Log.append(stream, 1)
      const chain = yield* linked(stream, 1, 6)
      // A rival before each, so that each finds the version that it expects, and strange events.
      const rivals = yield* Effect.forEach(chain, () => Log.commit(Log.part(stream, 1)))
      const [rival, ...others] = rivals
      const [first, ...followers] = chain
      const queue = [rival, first, ...followers.flatMap((follower, index) => [follower, others[index]])]
      const outcomes = yield* Log.inOrder(queue.filter((commit) => commit !== undefined))
      yield* equal(
        "the chain",
        outcomes.filter(Either.isLeft).map(({ left }) => left._tag),
        chain.map(() => "VersionConflict")
      )
      const ids = (yield* store.readStream({ stream, after: 1 })).map(({ id }) => id)
      yield* equal(
        "the stream",
        ids,
        rivals.map(({ id }) => eventId(id, 0))
      )
    })
  ),

  Log.promise("a check beside events leaves its stream where it is, also for who builds on it", (store) =>
    Effect.gen(function* () {
      const [checked, other] = [yield* Log.freshStream(), yield* Log.freshStream()]
      const { events, position } = yield* Log.append(checked, 2)
      const last = Expected.exactly(2, events[1]?.id)
      const outcomes = yield* Log.inOrder([
        yield* Log.commit(Log.part(other, 1), Log.part(checked, 0, last)),
        yield* Log.commit(Log.part(checked, 0, last)),
        yield* Log.commit(Log.part(checked, 1, last))
      ])
      yield* equal("refused", outcomes.filter(Either.isLeft), [])
      const positions = outcomes.filter(Either.isRight).map(({ right }) => right.position)
      yield* equal("positions", positions, [position + 1, position, position + 2])
      yield* equal("the stream", (yield* store.readStream({ stream: checked })).length, 3)
    })
  ),

  Log.promise("a commit twice in a chain is written once, and the chain goes on", (store) =>
    Effect.gen(function* () {
      const stream = yield* Log.freshStream()
      const chain = yield* linked(stream, 0, 5)
      const outcomes = yield* Log.inOrder(chain.flatMap((commit) => [commit, commit]))
      const duplicates = outcomes.map(Either.map(({ duplicate }) => duplicate))
      yield* equal(
        "duplicates",
        duplicates,
        chain.flatMap(() => [Either.right(false), Either.right(true)])
      )
      yield* equal("the stream", (yield* store.readStream({ stream })).length, 5)
    })
  )
]

// internal

/** Commits of one event each, each expecting the one before as the last event; nothing of the first. */
const linked = (stream: string, version: number, length: number): Effect.Effect<ReadonlyArray<Commit>> =>
  Effect.gen(function* () {
    const chain: Array<Commit> = []
    for (const n of range(0, length - 1)) {
      const before = chain.at(-1)
      const expected = Expected.exactly(version + n, before && eventId(before.id, 0))
      chain.push(yield* Log.commit(Log.part(stream, 1, expected)))
    }
    return chain
  })
