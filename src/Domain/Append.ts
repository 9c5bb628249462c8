/**
 * The rules of the log: what becomes of commits, given what the log holds already. A store finds the facts under
 * its write lock, asks here, and writes what it is told; so every store gives the same answers.
 */
import * as Either from "effect/Either"
import type { Commit, Part, Ticket } from "./Commit.ts"
import { CheckpointMoved, CommandIdReused, eventId, VersionConflict } from "./Commit.ts"
import type { Stored } from "./Event.ts"
import type { End } from "./Expected.ts"
import * as Expected from "./Expected.ts"
import * as Steps from "./Steps.ts"

/** What was written: the events of all parts, in order, contiguous in the log. */
export interface Committed {
  readonly events: ReadonlyArray<Stored>
  /** Where the streams of the commit end now, the last of them: whoever has reached it has seen all of this. */
  readonly position: number
  /** Nothing was written: the log had this commit already, and these are its events. */
  readonly duplicate: boolean
}

/** Why a commit was refused. */
export type Refusal = VersionConflict | CheckpointMoved | CommandIdReused

/** The end of a stream, and where it is in the log. */
export interface StreamEnd extends End {
  readonly position: number
}

/** A commit that the log has: what it answered to, and its events. */
export interface Known {
  readonly request: string | undefined
  readonly events: ReadonlyArray<Stored>
}

/** What the log holds of the things that some commits name; what is missing in a map is not there. */
export interface Facts extends Steps.Facts {
  readonly position: number
  /** `recordedAt` of the last event. */
  readonly time: number
  readonly commits: ReadonlyMap<string, Known>
  readonly streams: ReadonlyMap<string, StreamEnd>
}

/** What became of commits, one for each, in their order. */
export type Outcomes = ReadonlyArray<Either.Either<Committed, Refusal>>

/** What a store must write so that the outcomes are true. */
export interface Settled {
  readonly outcomes: Outcomes
  /** The commits that are new, each with its events; together one stretch of the log. */
  readonly written: ReadonlyMap<string, Known>
  /** The steps of subscribers, to be taken in this order. */
  readonly steps: ReadonlyArray<Steps.Step>
}

/** Settles commits one after the other, each on what those before it have left. */
export const settle = (facts: Facts, commits: ReadonlyArray<Commit>, now: number): Settled => {
  const written = new Map<string, Known>()
  const streams = new Map<string, StreamEnd>()
  const steps = Steps.of(facts)
  const tickets = new Set<Ticket>()
  const recordedAt = Math.max(Math.floor(now), facts.time)
  let position = facts.position
  const endOf = (stream: string) => streams.get(stream) ?? facts.streams.get(stream) ?? noStream

  const refusal = ({ advance, after, parts }: Commit): Refusal | undefined => {
    if (advance !== undefined && !steps.isDue(advance)) {
      const { from: expected, subscriber } = advance
      return new CheckpointMoved({ subscriber, expected, epoch: steps.reached(subscriber).epoch })
    }
    for (const { expected, stream } of parts) {
      const end = endOf(stream)
      if (!Expected.holds(expected, end) || !isWritten(after)) {
        return new VersionConflict({ stream, expected: Expected.describe(expected), actual: end.version })
      }
    }
    return undefined
  }

  const append = ({ id, metadata, parts }: Commit): ReadonlyArray<Stored> => {
    const events: Array<Stored> = []
    const text = JSON.stringify(metadata)
    for (const { events: encoded, stream } of parts) {
      let { version } = endOf(stream)
      for (const { payload, revision, type } of encoded) {
        version += 1
        position += 1
        const name = eventId(id, events.length)
        events.push({
          position,
          stream,
          version,
          id: name,
          type,
          revision,
          recordedAt,
          payload,
          metadata: text
        })
      }
      const last = events.at(-1)
      if (encoded.length > 0 && last) streams.set(stream, { version, position, last: last.id })
    }
    return events
  }

  const isWritten = (ticket: Ticket | undefined) =>
    ticket === undefined || ticket.written || tickets.has(ticket)

  const settleOne = (commit: Commit): Either.Either<Committed, Refusal> => {
    const { advance, id, parts, request, ticket } = commit
    const known = facts.commits.get(id) ?? written.get(id)
    if (known !== undefined) {
      return known.request === request
        ? Either.right({
            events: known.events,
            position: known.events.at(-1)?.position ?? 0,
            duplicate: true
          })
        : Either.left(new CommandIdReused({ commandId: id }))
    }
    const refused = refusal(commit)
    if (refused !== undefined) return Either.left(refused)
    const events = append(commit)
    if (events.length > 0) written.set(id, { request, events })
    if (ticket !== undefined) tickets.add(ticket)
    if (advance !== undefined) steps.take(advance)
    return Either.right({ events, position: farthest(parts), duplicate: false })
  }

  const farthest = (parts: ReadonlyArray<Part>) =>
    parts.reduce((end, { stream }) => Math.max(end, endOf(stream).position), 0)

  return { outcomes: commits.map(settleOne), written, steps: steps.taken }
}

/** Tells the tickets of commits which of them were written, once that is durable. */
export const confirm = (commits: ReadonlyArray<Commit>, outcomes: Outcomes): void => {
  for (const [index, outcome] of outcomes.entries()) {
    const ticket = commits[index]?.ticket
    if (ticket !== undefined && Either.isRight(outcome) && !outcome.right.duplicate) ticket.written = true
  }
}

// internal

const noStream: StreamEnd = { version: 0, position: 0 }
