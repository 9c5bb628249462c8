/** What the cases of the log have in common. */
import * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Commit, Part } from "../../Domain/Commit.ts"
import type { Encoded, Page, Stored } from "../../Domain/Event.ts"
import * as Expected from "../../Domain/Expected.ts"
import type { Committed, LogQuery } from "../../Services/EventStore.ts"
import { EventStore } from "../../Services/EventStore.ts"
import type { StoreError } from "../../Services/StoreError.ts"
import * as Contract from "./Contract.ts"

/** A promise of the log, tried on one. */
export const promise = (
  name: string,
  run: (store: Context.Tag.Service<typeof EventStore>) => Effect.Effect<void, unknown, EventStore>
): Contract.Case<EventStore> => Contract.promise(name, Effect.flatMap(EventStore, run))

/** The name of a stream that does not exist yet. */
export const freshStream = (category = "Contract"): Effect.Effect<string> =>
  Effect.map(Contract.unique, (id) => `${category}-${id}`)

/** A category that no other case uses. */
export const freshCategory: Effect.Effect<string> = Effect.map(
  Contract.unique,
  (id) => `C${id.replaceAll("-", "")}`
)

/** An event that was never appended. */
export const event = (n = 1, type = "Happened"): Effect.Effect<Encoded> =>
  Effect.map(Contract.unique, (id) => ({ id, type, revision: 1, payload: JSON.stringify({ n }) }))

/** A part with new events. */
export const part = (
  stream: string,
  count: number,
  expected: Expected.Expected = Expected.any,
  type?: string
): Effect.Effect<Part> =>
  Effect.map(
    Effect.forEach(Contract.range(1, count), (n) => event(n, type)),
    (events) => ({ stream, expected, events })
  )

/** A commit of parts, for no special reason. */
export const commit = (...parts: ReadonlyArray<Part>): Commit => ({ metadata: {}, parts })

/** Appends so many new events to a stream, whatever is there. */
export const append = (
  stream: string,
  count: number,
  type?: string
): Effect.Effect<Committed, unknown, EventStore> =>
  Effect.gen(function* () {
    const store = yield* EventStore
    return yield* store.append(commit(yield* part(stream, count, Expected.any, type)))
  })

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

/** Runs an effect while the clock stands still at a time; what waits goes on waiting by the clock outside. */
export const at = <A, E, R>(time: number, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(Effect.clock, (outside) => {
    const nanos = BigInt(Math.round(time * 1_000_000))
    return Effect.withClock(effect, {
      [Clock.ClockTypeId]: Clock.ClockTypeId,
      unsafeCurrentTimeMillis: () => time,
      unsafeCurrentTimeNanos: () => nanos,
      currentTimeMillis: Effect.succeed(time),
      currentTimeNanos: Effect.succeed(nanos),
      sleep: (duration: Duration.Duration) => outside.sleep(duration)
    })
  })
