/** What a log promises of a commit that it has already: one answer to a command, however often it is sent. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { Commit } from "../../Domain/Commit.ts"
import * as Expected from "../../Domain/Expected.ts"
import type { EventStore } from "../../Services/EventStore.ts"
import type { Case } from "./Contract.ts"
import { equal, range, refuses, unique } from "./Contract.ts"
import * as Log from "./ContractLog.ts"

/** Commits that are sent again. */
export const cases: ReadonlyArray<Case<EventStore>> = [
  Log.promise("a commit that the log has is answered with what was written then, and not written", (store) =>
    Effect.gen(function* () {
      const [stream, other] = [yield* Log.freshStream(), yield* Log.freshStream()]
      const commit = { ...(yield* Log.commit(Log.part(stream, 3))), metadata: { actor: "first" } }
      const first = yield* store.append(commit)
      yield* equal("at first", first.duplicate, false)
      const { position } = yield* Log.append(other, 1)
      const again: ReadonlyArray<Commit> = [
        commit,
        { ...commit, metadata: { actor: "second" } },
        { ...commit, parts: [Log.part(stream, 7, Expected.any, "Another")] },
        { ...commit, parts: [Log.part(other, 1), Log.part(stream, 1)] },
        { ...commit, parts: [Log.part(yield* Log.freshStream(), 3)] }
      ]
      for (const [index, one] of again.entries()) {
        yield* equal(`answer ${index}`, yield* store.append(one), { ...first, duplicate: true })
      }
      yield* equal("the head", yield* store.head, position)
      yield* equal("the stream", yield* store.readStream({ stream }), first.events)
    })
  ),

  Log.promise("a commit is looked up before what it expects: a retry is no conflict", (store) =>
    Effect.gen(function* () {
      const stream = yield* Log.freshStream()
      for (const expected of [Expected.noStream, Expected.exactly(1), Expected.exactly(2, "of nobody")]) {
        const first = { ...(yield* Log.commit()), parts: [Log.part(stream, 1)] }
        const { events } = yield* store.append(first)
        const found = yield* store.append({ ...first, parts: [Log.part(stream, 1, expected)] })
        yield* equal(Expected.describe(expected), [found.duplicate, found.events], [true, events])
      }
      yield* equal("the stream", (yield* store.readStream({ stream })).length, 3)
    })
  ),

  Log.promise("a commit that the log has moves no checkpoint again, and does not mind where it is", (store) =>
    Effect.gen(function* () {
      const [subscriber, stranger] = [yield* unique, yield* unique]
      const commit = yield* Log.commit(Log.part(yield* Log.freshStream(), 1))
      yield* store.append({ ...commit, advance: { subscriber, from: 0, to: 5 } })
      for (const advance of [
        { subscriber, from: 0, to: 5 },
        { subscriber, from: 5, to: 9 },
        { subscriber, from: 7, to: 8 },
        { subscriber: stranger, from: 0, to: 1 }
      ]) {
        const { duplicate } = yield* store.append({ ...commit, advance })
        yield* equal(`from ${advance.from}`, duplicate, true)
        yield* equal("the checkpoint", yield* store.checkpoint(subscriber), 5)
      }
      yield* equal("that of somebody else", yield* store.checkpoint(stranger), 0)
    })
  ),

  Log.promise("a check under the id of a commit is answered with that commit", (store) =>
    Effect.gen(function* () {
      const stream = yield* Log.freshStream()
      const commit = { ...(yield* Log.commit(Log.part(stream, 2))), request: "do it" }
      const first = yield* store.append(commit)
      for (const parts of [[], [Log.part(stream, 0)], [Log.part(stream, 0, Expected.exactly(99))]]) {
        const found = yield* store.append({ ...commit, parts })
        yield* equal("found", found, { ...first, duplicate: true })
        const other = { ...commit, parts, request: "do something else" }
        yield* refuses("another request", store.append(other), { _tag: "CommandIdReused" })
      }
    })
  ),

  Log.promise(
    "another request under the id of a commit is CommandIdReused, and nothing is written",
    (store) =>
      Effect.gen(function* () {
        const [stream, subscriber] = [yield* Log.freshStream(), yield* unique]
        const long = "a".repeat(5_000)
        const requests = [undefined, "", " ", "a", "A", "a ", "\u00e4", "a\u0308", `${long}b`, `${long}c`]
        for (const first of requests) {
          const commit = yield* Log.commit(Log.part(stream, 1))
          yield* store.append(asked(commit, first))
          const head = yield* store.head
          const advance = { subscriber, from: 0, to: 1 }
          for (const second of requests) {
            const append = store.append(asked({ ...commit, advance }, second))
            if (second === first) yield* equal("the same", (yield* append).duplicate, true)
            else yield* refuses("another", append, { _tag: "CommandIdReused", commandId: commit.id })
          }
          yield* equal("the head", yield* store.head, head)
          yield* equal("the checkpoint", yield* store.checkpoint(subscriber), 0)
        }
      })
  ),

  Log.promise("of many at once under one id one is written, and all get its answer", (store) =>
    Effect.gen(function* () {
      const commit = yield* Log.commit()
      const head = yield* store.head
      const commits = yield* Effect.forEach(range(1, 20), (n) =>
        Effect.map(Log.freshStream(), (stream) => ({
          ...commit,
          parts: [Log.part(stream, n, Expected.noStream)]
        }))
      )
      const answers = yield* Effect.forEach(commits, (one) => store.append(one), { concurrency: "unbounded" })
      const [written, ...others] = answers.filter(({ duplicate }) => !duplicate)
      yield* equal("one is written", others, [])
      for (const answer of answers) yield* equal("its events", answer.events, written?.events)
      yield* equal("the log", yield* Log.scan({ after: head }), written?.events)
    })
  ),

  Log.promise("of two requests at once under one id one is written, and the other is refused", (store) =>
    Effect.gen(function* () {
      const stream = yield* Log.freshStream()
      for (const size of range(1, 5)) {
        const commit = yield* Log.commit(Log.part(stream, size))
        const requests = range(1, 10).map((n) => (n % 2 === size % 2 ? "this" : "that"))
        const outcomes = yield* Effect.forEach(
          requests,
          (request) => Effect.either(store.append({ ...commit, request })),
          { concurrency: "unbounded" }
        )
        const accepted = requests.filter((_, index) => outcomes.map(Either.isRight)[index])
        yield* equal("one request", [new Set(accepted).size, accepted.length], [1, 5])
        const refused = outcomes.filter(Either.isLeft).map(({ left }) => left._tag)
        yield* equal(
          "the others",
          refused,
          range(1, 5).map(() => "CommandIdReused")
        )
      }
      yield* equal("the stream", (yield* store.readStream({ stream })).length, 1 + 2 + 3 + 4 + 5)
    })
  )
]

// internal

const asked = (commit: Commit, request: string | undefined): Commit =>
  request === undefined ? commit : { ...commit, request }
