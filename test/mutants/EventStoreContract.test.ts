/** Logs that break one promise each: the contract suite must notice, by the case that says so. */
import { describe, it } from "@effect/vitest"
import type { Append, Commit, StoreError } from "everfold"
import { Expected, GroupCommit, Limits } from "everfold"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import type { Log, Mutant } from "./brokenLogs.ts"
import { advanceOf, appending, expecting, healthy, notices, rewriting, withoutAdvance } from "./brokenLogs.ts"

const refused: ReadonlyArray<Mutant> = [
  [
    "writes part by part",
    "a conflict in a later part writes nothing of the earlier ones",
    appending(
      (append) => (commit) =>
        Effect.map(
          Effect.forEach(commit.parts, (part) =>
            append({ ...commit, id: `${commit.id}/${part.stream}`, parts: [part] })
          ),
          (all) => ({
            events: all.flatMap(({ events }) => events),
            position: Math.max(0, ...all.map(({ position }) => position)),
            duplicate: false
          })
        )
    )
  ],
  [
    "forgets checks without events",
    "a conflict in a later part writes nothing of the earlier ones",
    rewriting((commit) => ({ ...commit, parts: commit.parts.filter(({ events }) => events.length > 0) }))
  ],
  [
    "takes every expectation for Any",
    "each expectation that does not hold is a VersionConflict that says why",
    expecting(() => Expected.any)
  ],
  [
    "takes StreamExists for Any",
    "a conflict in a later part writes nothing of the earlier ones",
    expecting((expected) => (expected._tag === "StreamExists" ? Expected.any : expected))
  ],
  [
    "compares versions, and not the last event",
    "an expectation that names the last event does not hold over another one",
    expecting((expected) => (expected._tag === "Exactly" ? Expected.exactly(expected.version) : expected))
  ],
  [
    "takes any last event for one that is not written yet",
    "where a rival was first, what builds on the refused commit is refused too",
    appending(
      (append, log) => (commit) =>
        Effect.flatMap(Effect.forEach(commit.parts, withoutUnwritten(log)), (parts) =>
          append({ ...commit, parts })
        )
    )
  ],
  [
    "writes in another order than it has told",
    "commits that build on each other are written in the order in which they were queued",
    appending((append) => {
      let turns = 0
      return (commit, queued = () => undefined) =>
        Effect.sync(queued).pipe(
          Effect.zipRight(Effect.repeatN(Effect.yieldNow(), 10 * (++turns % 2))),
          Effect.zipRight(append(commit))
        )
    })
  ],
  [
    "moves the checkpoint before the events, in a transaction of its own",
    "a checkpoint stays where it is when the events are refused",
    appending(
      (append) => (commit) => Effect.zipRight(append(advanceOf(commit)), append(withoutAdvance(commit)))
    )
  ],
  [
    "moves the checkpoint after the events, in a transaction of its own",
    "a checkpoint that is elsewhere is CheckpointMoved, and nothing is written",
    appending(
      (append) => (commit) => Effect.zipLeft(append(withoutAdvance(commit)), append(advanceOf(commit)))
    )
  ],
  [
    "can be interrupted between two writes",
    "an append that is interrupted while it runs has written everything or nothing",
    appending(
      (append) => (commit) =>
        append(withoutAdvance(commit)).pipe(
          Effect.zipLeft(Effect.yieldNow()),
          Effect.zipLeft(append(advanceOf(commit)))
        )
    )
  ],
  [
    "writes in the name of callers who have left the queue",
    "an append that is interrupted in the queue has written nothing, and the others everything",
    appending(
      (append) =>
        (commit, queued = () => undefined) =>
          Effect.uninterruptibleMask((restore) =>
            Effect.gen(function* () {
              const writing = yield* Effect.forkDaemon(append(commit))
              queued()
              return yield* restore(Fiber.join(writing))
            })
          )
    )
  ],
  [
    "refuses, after a conflict, the others of a group",
    "of 200 commits at once each has its own outcome, and the log has no gap",
    (log) =>
      Effect.map(
        GroupCommit.make((take) => together(log, take()), Limits.Current.defaultValue()),
        (append) => ({ ...log, append })
      )
  ]
]

const withoutUnwritten =
  (log: Log) =>
  (part: Commit.Part): Effect.Effect<Commit.Part, StoreError.StoreError> =>
    Effect.map(log.readStream(part), (events) => {
      const { expected } = part
      return expected._tag !== "Exactly" || events.some(({ id }) => id === expected.last)
        ? part
        : { ...part, expected: Expected.exactly(expected.version) }
    })

/** Writes a group until one of it is refused. */
const together = (log: Log, commits: ReadonlyArray<Commit.Commit>) =>
  Effect.gen(function* () {
    const outcomes: Array<Append.Outcomes[number]> = []
    for (const commit of commits) {
      const before = outcomes.find(Either.isLeft)
      outcomes.push(before ?? (yield* outcome(log.append(commit))))
    }
    return outcomes
  })

const outcome = (append: ReturnType<Log["append"]>) =>
  append.pipe(
    Effect.map((committed): Append.Outcomes[number] => Either.right(committed)),
    Effect.catchIf(
      (error) => error._tag !== "StoreError",
      (refusal) => Effect.succeed(Either.left(refusal))
    )
  )

const reads: ReadonlyArray<Mutant> = [
  [
    "lets `to` stand where the last match is",
    "types and categories choose events, and `to` moves on past the others",
    (log) => ({
      ...log,
      readAll: (query) =>
        Effect.map(log.readAll(query), (page) => ({
          ...page,
          to: page.events.at(-1)?.position ?? page.after
        }))
    })
  ],
  [
    "compares categories by their beginning",
    "types and categories choose events, and `to` moves on past the others",
    (log) => ({
      ...log,
      readAll: ({ categories, ...query }) =>
        Effect.map(log.readAll(query), (page) => ({
          ...page,
          events: page.events.filter(
            ({ stream }) => categories === undefined || categories.some((one) => stream.startsWith(one))
          )
        }))
    })
  ],
  [
    "excludes the time that it reads from",
    "the log is read from a time on, that time included",
    (log) => ({
      ...log,
      readAll: ({ since, ...query }) =>
        log.readAll(since === undefined ? query : { ...query, since: since + 1 })
    })
  ],
  [
    "excludes the time that it reads a stream to",
    "a stream is read up to a time, that time included",
    (log) => ({
      ...log,
      readStream: ({ time, ...query }) =>
        log.readStream(time === undefined ? query : { ...query, time: time - 1 })
    })
  ],
  [
    "folds the whole of a stream whatever is asked for",
    "what a fold needs of a stream is read in the same pages",
    (log) => ({ ...log, readPast: ({ stream }) => log.readPast({ stream }) })
  ],
  [
    "normalizes what it stores",
    "payloads, types and metadata come back byte for byte",
    (log) => ({
      ...log,
      readStream: (query) =>
        Effect.map(log.readStream(query), (events) =>
          events.map((stored) => ({ ...stored, payload: stored.payload.normalize("NFC") }))
        )
    })
  ]
]

describe("the contract of the log", () => {
  it.live("is kept by the log that the others were made from", () => healthy)
  notices(refused)
  notices(reads)
})
