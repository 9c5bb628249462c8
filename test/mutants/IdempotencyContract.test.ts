/** Logs that find their commits again in a wrong way, or measure them: the contract suite must notice. */
import { describe } from "@effect/vitest"
import type { Append } from "everfold"
import { Commit, Expected, Limits, StoreError } from "everfold"
import * as Effect from "effect/Effect"
import type { Log, Mutant } from "./brokenLogs.ts"
import { advanceOf, answering, appending, limited, notices, rewriting } from "./brokenLogs.ts"

const whole = "a commit of any size is found whole and in order"
const letters = "ids are told apart letter by letter, also where one begins with another"
const checkpoint = "a commit that the log has moves no checkpoint again, and does not mind where it is"

const found: ReadonlyArray<Mutant> = [
  [
    "forgets the request",
    "another request under the id of a commit is CommandIdReused, and nothing is written",
    rewriting(({ request: _, ...commit }) => commit)
  ],
  [
    "takes no request for an empty one",
    "another request under the id of a commit is CommandIdReused, and nothing is written",
    rewriting((commit) => ({ ...commit, request: commit.request ?? "" }))
  ],
  [
    "does not look up the id of a check",
    "a check under the id of a commit is answered with that commit",
    rewriting((commit) =>
      commit.parts.some(({ events }) => events.length > 0) ? commit : { ...commit, id: "" }
    )
  ],
  [
    "looks up the id after the version",
    "a commit is looked up before what it expects: a retry is no conflict",
    appending(
      (append, log) => (commit) =>
        Effect.zipRight(Effect.forEach(commit.parts, conflict(log)), append(commit))
    )
  ],
  [
    "looks up the id after the checkpoint",
    checkpoint,
    appending(
      (append, log) => (commit) =>
        Effect.zipRight(
          append({
            ...advanceOf(commit),
            ...(commit.advance && { advance: { ...commit.advance, to: commit.advance.from } })
          }),
          append(commit)
        )
    )
  ],
  [
    "moves the checkpoint again for a duplicate",
    checkpoint,
    appending(
      (append) => (commit) =>
        Effect.tap(append(commit), ({ duplicate }) =>
          duplicate ? Effect.either(append(advanceOf(commit))) : Effect.void
        )
    )
  ],
  [
    "answers a duplicate as if it were new",
    "a commit that the log has is answered with what was written then, and not written",
    answering((committed) => ({ ...committed, duplicate: false }))
  ],
  [
    "answers a duplicate with its events as they are now",
    "a commit that the log has is answered with what was written then, and not written",
    appending(
      (append) => (commit) =>
        Effect.map(append(commit), (committed) => ({
          ...committed,
          events: committed.events.map((stored, n) => ({
            ...stored,
            ...commit.parts.flatMap(({ events }) => events)[n]
          }))
        }))
    )
  ],
  [
    "returns only the first event of a duplicate",
    whole,
    answering((committed) =>
      committed.duplicate ? { ...committed, events: committed.events.slice(0, 1) } : committed
    )
  ],
  [
    "returns the events of a duplicate in the order of their ids",
    whole,
    answering((committed) => ({
      ...committed,
      events: [...committed.events].sort((a, b) => (a.id < b.id ? -1 : 1))
    }))
  ],
  [
    "finds events by the beginning of their ids",
    letters,
    appending(
      (append, log) => (commit) =>
        Effect.flatMap(append(commit), (committed) =>
          committed.duplicate
            ? Effect.map(log.readAll({ limit: 100_000 }), ({ events }) => ({
                ...committed,
                events: events.filter(({ id }) => id.startsWith(`${commit.id}#`))
              }))
            : Effect.succeed(committed)
        )
    )
  ],
  ["does not tell A from a", letters, rewriting((commit) => ({ ...commit, id: commit.id.toLowerCase() }))],
  ["normalizes ids", letters, rewriting((commit) => ({ ...commit, id: commit.id.normalize("NFC") }))],
  ["trims ids", letters, rewriting((commit) => ({ ...commit, id: commit.id.trim() }))],
  [
    "ends an id where it has a NUL",
    "what is no id is refused, and what writes no event needs none",
    rewriting((commit) => ({ ...commit, id: commit.id.split("\u0000")[0] ?? "" }))
  ],
  [
    "uses up the id of a refused commit",
    "a refused commit does not use up its id, and neither does a check",
    appending((append) => {
      const used = new Set<string>()
      return (commit) =>
        used.has(commit.id)
          ? new Commit.CommandIdReused({ commandId: commit.id })
          : Effect.tapError(append(commit), () => Effect.sync(() => used.add(commit.id)))
    })
  ],
  [
    "looks for an id, and writes later",
    "of many at once under one id one is written, and all get its answer",
    appending((append) => {
      const known = new Map<string, Append.Committed>()
      return (commit) =>
        Effect.gen(function* () {
          const before = known.get(commit.id)
          if (before !== undefined) return { ...before, duplicate: true }
          yield* Effect.yieldNow()
          const committed = yield* append({ ...commit, id: `${commit.id}/${known.size}` })
          known.set(commit.id, committed)
          return committed
        })
    })
  ]
]

const conflict =
  (log: Log) =>
  ({ expected, stream }: Commit.Part) =>
    Effect.flatMap(log.readStream({ stream }), (events) =>
      Expected.holds(expected, { version: events.length, last: events.at(-1)?.id })
        ? Effect.void
        : new Commit.VersionConflict({ stream, expected: "another version", actual: events.length })
    )

const { commitEvents, eventBytes } = Limits.Current.defaultValue()
const event = "the payload of an event is as large as its limit, in bytes of UTF-8, and no larger"

const sizes: ReadonlyArray<Mutant> = [
  [
    "counts units of UTF-16",
    event,
    () =>
      Effect.map(
        limited({ eventBytes: Infinity }),
        appending(
          (append) => (commit) =>
            commit.parts.some(({ events }) => events.some(({ payload }) => payload.length > eventBytes))
              ? StoreError.make("TooLarge", "too many units")
              : append(commit)
        )
      )
  ],
  ["refuses an event that is as large as the limit", event, () => limited({ eventBytes: eventBytes - 1 })],
  [
    "has no limit for metadata",
    "the metadata of a commit is as large as its limit, in bytes of UTF-8, and no larger",
    () => limited({ metadataBytes: Infinity })
  ],
  [
    "takes an event too many",
    "a commit has as many events as its limit, over all its parts, and no more",
    () => limited({ commitEvents: commitEvents + 1 })
  ],
  [
    "measures each event, and not their sum",
    "the payloads of a commit are as large as their limit, over all its parts, and no larger",
    () => limited({ commitBytes: Infinity })
  ]
]

describe("the contract of the log", () => {
  notices(found)
  notices(sizes)
})
