/** The log in memory: the same promises as on disk, except that it ends with the program. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Append from "../../Domain/Append.ts"
import type { Commit } from "../../Domain/Commit.ts"
import type { Page, Stored } from "../../Domain/Event.ts"
import * as Interest from "../../Domain/Interest.ts"
import * as News from "../../Domain/News.ts"
import * as Steps from "../../Domain/Steps.ts"
import * as Text from "../../Domain/Text.ts"
import { Doorbell } from "../../Services/Doorbell.ts"
import type { LogQuery, StreamQuery } from "../../Services/EventStore.ts"
import { afterOf, EventStore, limitOf, pageBytes, refusal } from "../../Services/EventStore.ts"
import { Ids } from "../../Services/Ids.ts"
import * as Limits from "../../Services/Limits.ts"
import { Notes } from "../../Services/Notes.ts"
import { Verification } from "../../Services/Verification.ts"
import type { MemoryLog } from "./MemoryLog.ts"
import { empty } from "./MemoryLog.ts"
import * as MemoryNotes from "./MemoryNotes.ts"
import * as MemoryVerification from "./MemoryVerification.ts"

export const make = Effect.suspend(() => over(empty()))

/** The store of a log that somebody else may look at. */
export const over = (log: MemoryLog) =>
  Effect.gen(function* () {
    const doorbell = yield* Doorbell
    const ids = yield* Ids
    const limits = yield* Limits.Current
    const identity = { id: yield* ids.next, epoch: 1 }

    const append = (commit: Commit) =>
      refusal(commit, limits) ??
      // In one step: nobody comes in between.
      Effect.clockWith((clock) => {
        const settled = Append.settle(factsOf(log), [commit], clock.unsafeCurrentTimeMillis())
        write(log, settled)
        Append.confirm([commit], settled.outcomes)
        if (settled.written.size > 0) doorbell.ring(News.of(settled.outcomes))
        return settled.outcomes[0] ?? Effect.dieMessage("a commit has an outcome")
      })

    return EventStore.of({
      append,
      readStream: (query) => Effect.sync(() => streamPage(log, query)),
      readPast: (query) => Effect.sync(() => streamPage(log, query)),
      readAll: (query) => Effect.sync(() => logPage(log, query)),
      head: Effect.sync(() => log.events.length),
      checkpoint: (subscriber) => Effect.sync(() => log.checkpoints.get(subscriber)?.position ?? 0),
      identity: Effect.succeed(identity)
    })
  })

/** An empty log, and whoever looks after it. */
export const layer: Layer.Layer<EventStore | Notes | Verification, never, Doorbell | Ids> =
  Layer.effectContext(
    Effect.suspend(() => {
      const log = empty()
      return Effect.map(over(log), (store) =>
        Context.make(EventStore, store).pipe(
          Context.add(Notes, MemoryNotes.make(log)),
          Context.add(Verification, MemoryVerification.make(log))
        )
      )
    })
  )

// internal

const factsOf = ({ checkpoints, commits, ends, events, notes }: MemoryLog): Append.Facts => {
  const last = events.at(-1)
  return {
    position: last?.position ?? 0,
    time: last?.recordedAt ?? 0,
    commits,
    streams: ends,
    checkpoints,
    notes
  }
}

const write = (log: MemoryLog, { steps, written }: Append.Settled): void => {
  for (const [id, known] of written) {
    log.commits.set(id, known)
    for (const stored of known.events) {
      const { id: last, position, stream, version } = stored
      const history = log.streams.get(stream) ?? []
      history.push(stored)
      log.streams.set(stream, history)
      log.ends.set(stream, { last, position, version })
      log.events.push(stored)
    }
  }
  for (const { drop, epoch, keep, subscriber, to } of steps) {
    for (const place of drop) log.notes.delete(Steps.noteOf(subscriber, place))
    for (const note of keep) log.notes.set(Steps.noteOf(subscriber, note), { ...note, subscriber })
    log.checkpoints.set(subscriber, { position: to, epoch })
  }
}

const streamPage = (log: MemoryLog, query: StreamQuery) => {
  const { stream, time = Infinity, version = Infinity } = query
  const after = afterOf(query)
  return (log.streams.get(stream) ?? [])
    .slice(after, Math.min(version, after + limitOf(query)))
    .filter((stored) => stored.recordedAt <= time)
}

const logPage = (log: MemoryLog, query: LogQuery): Page => {
  const { since = 0 } = query
  const after = afterOf(query)
  const limit = limitOf(query)
  const isWanted = Interest.includes(query)
  const events: Array<Stored> = []
  let to = after
  let bytes = 0
  for (
    let stored = log.events[to];
    stored !== undefined && events.length < limit;
    stored = log.events[++to]
  ) {
    if (stored.recordedAt < since || !isWanted(stored)) continue
    bytes += Text.bytes(stored.payload)
    if (bytes > pageBytes && events.length > 0) break
    events.push(stored)
  }
  return { after, to, time: log.events[to - 1]?.recordedAt ?? 0, events }
}
