/** What the cases of the log have in common. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import type { Committed, Refusal } from "../../Domain/Append.ts"
import type { Commit, Part } from "../../Domain/Commit.ts"
import type { Encoded, Page, Stored } from "../../Domain/Event.ts"
import * as Expected from "../../Domain/Expected.ts"
import type { LogQuery } from "../../Services/EventStore.ts"
import { EventStore } from "../../Services/EventStore.ts"
import type { StoreError } from "../../Services/StoreError.ts"
import * as Contract from "./Contract.ts"
import { StoreClock } from "./StoreClock.ts"

/** What became of an append. */
export type Outcome = Either.Either<Committed, Refusal | StoreError>

/** A promise of the log, tried on one. */
export const promise = <R>(
  name: string,
  run: (store: Context.Tag.Service<typeof EventStore>) => Effect.Effect<void, unknown, R>
): Contract.Case<R | EventStore> => Contract.promise(name, Effect.flatMap(EventStore, run))

/** The name of a stream that does not exist yet. */
export const freshStream = (category = "Contract"): Effect.Effect<string> =>
  Effect.map(Contract.unique, (id) => `${category}-${id}`)

/** A category that no other case uses. */
export const freshCategory: Effect.Effect<string> = Effect.map(
  Contract.unique,
  (id) => `C${id.replaceAll("-", "")}`
)

/** An event with a number to tell it by. */
export const event = (n = 1, type = "Happened"): Encoded => ({
  type,
  revision: 1,
  payload: JSON.stringify({ n })
})

/** A part with so many events, numbered from 1. */
export const part = (
  stream: string,
  count: number,
  expected: Expected.Expected = Expected.any,
  type?: string
): Part => ({ stream, expected, events: Contract.range(1, count).map((n) => event(n, type)) })

/** A commit of parts, under an id that the log does not have. */
export const commit = (...parts: ReadonlyArray<Part>): Effect.Effect<Commit> =>
  Effect.map(Contract.unique, (id) => ({ id, metadata: {}, parts }))

/** Appends parts in one commit. */
export const write = (
  ...parts: ReadonlyArray<Part>
): Effect.Effect<Committed, Refusal | StoreError, EventStore> =>
  Effect.flatMap(EventStore, (store) => Effect.flatMap(commit(...parts), (one) => store.append(one)))

/** Appends so many events to a stream, whatever is there. */
export const append = (stream: string, count: number, type?: string) =>
  write(part(stream, count, Expected.any, type))

/** Appends commits without waiting for their outcomes, each when the place of the one before is certain. */
export const queue = (
  commits: ReadonlyArray<Commit>
): Effect.Effect<ReadonlyArray<Fiber.Fiber<Committed, Refusal | StoreError>>, never, EventStore> =>
  Effect.gen(function* () {
    const store = yield* EventStore
    const fibers: Array<Fiber.Fiber<Committed, Refusal | StoreError>> = []
    let turn: Effect.Effect<void> = Effect.void
    for (const commit of commits) {
      const certain = yield* Effect.makeLatch()
      const append = Effect.zipRight(
        turn,
        store.append(commit, () => certain.unsafeOpen())
      )
      // A store that has no queue says so when it has written.
      fibers.push(yield* Effect.fork(Effect.ensuring(append, certain.open)))
      turn = certain.await
    }
    return fibers
  })

/** What becomes of commits that are appended without waiting, in this order. */
export const inOrder = (
  commits: ReadonlyArray<Commit>
): Effect.Effect<ReadonlyArray<Outcome>, never, EventStore> =>
  Effect.flatMap(
    queue(commits),
    Effect.forEach((fiber) => Effect.either(Fiber.join(fiber)))
  )

/** The payloads of a stream, oldest first. */
export const payloads = (stream: string): Effect.Effect<ReadonlyArray<string>, StoreError, EventStore> =>
  Effect.map(
    Effect.flatMap(EventStore, (store) => store.readStream({ stream })),
    (stored) => stored.map(({ payload }) => payload)
  )

/** Fails if anything was written to one of the streams. */
export const untouched = (...streams: ReadonlyArray<string>) =>
  Effect.forEach(
    streams,
    (stream) => Effect.flatMap(payloads(stream), (found) => Contract.equal(`${stream} is empty`, found, [])),
    { discard: true }
  )

/** All pages from a position to the head, as a subscriber reads them: each continues the one before. */
export const pages = (query: LogQuery): Effect.Effect<ReadonlyArray<Page>, unknown, EventStore> =>
  Effect.gen(function* () {
    const store = yield* EventStore
    const found: Array<Page> = []
    let after = query.after ?? 0
    while (true) {
      const page = yield* store.readAll({ ...query, after })
      yield* Contract.equal("a page begins where it was asked to", page.after, after)
      if (page.to === after) {
        yield* Contract.equal("a page that does not move is empty", page.events, [])
        return found
      }
      found.push(page)
      after = page.to
    }
  })

/** The events of all pages. */
export const scan = (query: LogQuery): Effect.Effect<ReadonlyArray<Stored>, unknown, EventStore> =>
  Effect.map(pages(query), (all) => all.flatMap((page) => page.events))

/** `recordedAt` of the last event in the log; 0 when there is none. */
export const lastTime: Effect.Effect<number, StoreError, EventStore> = Effect.gen(function* () {
  const store = yield* EventStore
  return (yield* store.readAll({ after: yield* store.head })).time
})

/** Runs an effect while the clock of the log stands still at a time. */
export const at = <A, E, R>(time: number, effect: Effect.Effect<A, E, R>) =>
  Effect.flatMap(StoreClock, (clock) => clock.at(time, effect))
