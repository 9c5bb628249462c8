/** The log in memory: the same promises as on disk, except that it ends with the program. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Commit from "../../Domain/Commit.ts"
import type { Page, Stored } from "../../Domain/Event.ts"
import * as Expected from "../../Domain/Expected.ts"
import * as StreamName from "../../Domain/StreamName.ts"
import { Doorbell } from "../../Services/Doorbell.ts"
import type { LogQuery, StreamQuery } from "../../Services/EventStore.ts"
import { CheckpointMoved, EventStore, limitOf, VersionConflict } from "../../Services/EventStore.ts"
import { Ids } from "../../Services/Ids.ts"
import * as StoreError from "../../Services/StoreError.ts"

export const make = Effect.gen(function* () {
  const doorbell = yield* Doorbell
  const ids = yield* Ids
  const log = emptyLog()
  const identity = { id: yield* ids.next, epoch: 1 }

  const append = (commit: Commit.Commit) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const refused = refuse(log, commit)
      if (refused !== undefined) return Effect.fail(refused)
      const events = write(log, commit, Math.floor(now))
      return Effect.as(events.length > 0 ? doorbell.ring : Effect.void, { events })
    }).pipe(Effect.uninterruptible)

  return EventStore.of({
    append,
    readStream: (query) => Effect.sync(() => streamPage(log, query)),
    readAll: (query) => Effect.sync(() => logPage(log, query)),
    head: Effect.sync(() => log.events.length),
    checkpoint: (subscriber) => Effect.sync(() => log.checkpoints.get(subscriber) ?? 0),
    identity: Effect.succeed(identity)
  })
})

/** An empty log. */
export const layer: Layer.Layer<EventStore, never, Doorbell | Ids> = Layer.effect(EventStore, make)

// internal

interface Log {
  readonly events: Array<Stored>
  readonly ids: Set<string>
  readonly streams: Map<string, Array<Stored>>
  readonly checkpoints: Map<string, number>
}

const emptyLog = (): Log => ({ events: [], ids: new Set(), streams: new Map(), checkpoints: new Map() })

/** In the order in which a store on disk finds out. */
const refuse = (log: Log, commit: Commit.Commit) => {
  const problem = Commit.problem(commit)
  if (problem !== undefined) return StoreError.make("Invalid", problem)
  const { advance, parts } = commit
  if (advance !== undefined && (log.checkpoints.get(advance.subscriber) ?? 0) !== advance.from) {
    return new CheckpointMoved({ subscriber: advance.subscriber, expected: advance.from })
  }
  for (const { expected, stream } of parts) {
    const actual = log.streams.get(stream)?.length ?? 0
    if (!Expected.holds(expected, actual)) {
      return new VersionConflict({ stream, expected: Expected.describe(expected), actual })
    }
  }
  const taken = parts.flatMap(({ events }) => events).find(({ id }) => log.ids.has(id))
  return taken && StoreError.make("Invalid", `event id ${taken.id} is in the log already`)
}

const write = (log: Log, { advance, metadata, parts }: Commit.Commit, now: number): ReadonlyArray<Stored> => {
  const recordedAt = Math.max(now, log.events.at(-1)?.recordedAt ?? 0)
  const metadataText = JSON.stringify(metadata)
  const before = log.events.length
  for (const { events, stream } of parts) {
    const history = log.streams.get(stream) ?? []
    for (const encoded of events) {
      const place = { stream, version: history.length + 1, position: log.events.length + 1, recordedAt }
      const stored = { ...encoded, ...place, metadata: metadataText }
      history.push(stored)
      log.events.push(stored)
      log.ids.add(encoded.id)
    }
    if (history.length > 0) log.streams.set(stream, history)
  }
  if (advance !== undefined) log.checkpoints.set(advance.subscriber, advance.to)
  return log.events.slice(before)
}

const streamPage = (log: Log, query: StreamQuery) => {
  const { after = 0, stream, time = Infinity, version = Infinity } = query
  return (log.streams.get(stream) ?? [])
    .slice(after, Math.min(version, after + limitOf(query)))
    .filter((stored) => stored.recordedAt <= time)
}

const logPage = (log: Log, query: LogQuery): Page => {
  const { after = 0, categories, since = 0, types } = query
  const limit = limitOf(query)
  const events: Array<Stored> = []
  let to = after
  while (to < log.events.length && events.length < limit) {
    const stored = log.events[to++]
    if (stored === undefined || stored.recordedAt < since) continue
    if (types !== undefined && !types.includes(stored.type)) continue
    if (categories !== undefined && !categories.includes(StreamName.category(stored.stream))) continue
    events.push(stored)
  }
  return { after, to, time: log.events[to - 1]?.recordedAt ?? 0, events }
}
