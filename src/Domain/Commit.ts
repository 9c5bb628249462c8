/** What is written to the log together or not at all. */
import * as Schema from "effect/Schema"
import type { Encoded, Metadata } from "./Event.ts"
import type { Expected } from "./Expected.ts"
import type { Limits } from "./Limits.ts"
import type { Note, Place } from "./Note.ts"
import * as StreamName from "./StreamName.ts"
import * as Text from "./Text.ts"

/** The events for one stream, and what that stream must look like. No events: a mere check. */
export interface Part {
  readonly stream: string
  readonly expected: Expected
  readonly events: ReadonlyArray<Encoded>
}

/** A step of a subscriber: moves its checkpoint, if it still is where the subscriber left it, and what it keeps. */
export interface Advance {
  readonly subscriber: string
  readonly from: number
  readonly to: number
  /** Of the lease under which it is taken: refused when somebody of a later epoch was here. Default: as it stands. */
  readonly epoch?: number
  /** Notes that it makes, each in the place of what was there. */
  readonly keep?: ReadonlyArray<Note>
  /** Notes that it takes away before it makes others; refused unless all of them are there. */
  readonly drop?: ReadonlyArray<Place>
}

/** Where a subscriber has got to, and the epoch of the last one who ran it. */
export interface Checkpoint {
  readonly position: number
  readonly epoch: number
}

/**
 * What others know of a commit that is on its way: whoever decides on its events before they are written names its
 * ticket. Found in the log instead, or refused, it was not written, and neither is what rests on it.
 */
export interface Ticket {
  written: boolean
}

/** Parts for different streams, why they are written, and the checkpoint that moves with them. */
export interface Commit {
  /**
   * Unique in the log, where it is the id of the command that led here. Written a second time, a commit is
   * found instead, whatever its events are now: the log has one answer to a command. Empty when there are no
   * events and no command, as when a subscriber moves its checkpoint.
   */
  readonly id: string
  /** What the id stands for: the same id with another request is refused. */
  readonly request?: string
  readonly metadata: Metadata
  readonly parts: ReadonlyArray<Part>
  readonly advance?: Advance
  /** Set to written by the log, when it has been. */
  readonly ticket?: Ticket
  /** The ticket of the commit that this one was decided on: a conflict unless that one was written. */
  readonly after?: Ticket | undefined
}

/** The id of the n-th event of a commit, counted from 0. */
export const eventId = (id: string, n: number): string => `${id}#${n}`

/** How much a commit has to write, in bytes: its payloads, and the notes of its step. */
export const size = ({ advance, parts }: Commit): number => bytesOfEvents(parts) + bytesOfNotes(advance)

/** Somebody else appended first: the stream is not as expected. Nothing was written. */
export class VersionConflict extends Schema.TaggedError<VersionConflict>()("VersionConflict", {
  stream: Schema.String,
  expected: Schema.String,
  actual: Schema.Int
}) {
  override get message() {
    return `${this.stream} is at version ${this.actual}, expected ${this.expected}`
  }
}

/** The log has another answer under this id, to another request. Nothing was written. */
export class CommandIdReused extends Schema.TaggedError<CommandIdReused>()("CommandIdReused", {
  commandId: Schema.String
}) {
  override get message() {
    return `the command id ${this.commandId} belongs to another request`
  }
}

/** Somebody else runs the same subscriber and has moved its checkpoint. Nothing was written. */
export class CheckpointMoved extends Schema.TaggedError<CheckpointMoved>()("CheckpointMoved", {
  subscriber: Schema.String,
  expected: Schema.Int,
  /** Of the last one who ran it; whoever has a later one was merely overtaken and can ask again. */
  epoch: Schema.Int
}) {
  override get message() {
    return `the checkpoint of "${this.subscriber}" is no longer at ${this.expected}`
  }
}

/** Why no store may take a commit, whatever its log holds. */
export interface Problem {
  readonly reason: "Invalid" | "TooLarge"
  readonly details: string
}

/** What is wrong with a commit; `undefined` when nothing is. */
export const problem = (commit: Commit, limits: Limits): Problem | undefined => {
  const { advance, id, metadata, parts } = commit
  const events = parts.flatMap(({ events }) => events)
  if (id === "" ? events.length > 0 : !commandId.test(id) || !id.isWellFormed()) {
    return invalid(`${JSON.stringify(id.slice(0, 200))} is no command id: 1 to 200 printable characters`)
  }
  const streams = new Set<string>()
  for (const { stream } of parts) {
    if (!StreamName.isValid(stream)) return invalid(`"${stream}" is no stream name: ${StreamName.rule}`)
    if (streams.has(stream)) return invalid(`stream "${stream}" has two parts in one commit`)
    streams.add(stream)
  }
  // No store could give half a character back.
  const broken = events.find(({ payload, type }) => !type.isWellFormed() || !payload.isWellFormed())
  if (broken !== undefined) return invalid(`an event of type ${broken.type} has text that is not Unicode`)
  const unfit = advance && unfitFor(advance)
  if (unfit !== undefined) return invalid(unfit)
  const large = events.find(({ payload }) => Text.exceeds(payload, limits.eventBytes))
  return (
    (large && beyond(`an event of type ${large.type}`, Text.bytes(large.payload), limits.eventBytes)) ??
    beyond("the metadata", Text.bytes(JSON.stringify(metadata)), limits.metadataBytes) ??
    beyond("a commit", events.length, limits.commitEvents, "events") ??
    beyond("a commit", bytesOfEvents(parts), limits.commitBytes) ??
    beyond("a step", advance ? placesOf(advance).length : 0, limits.commitEvents, "notes") ??
    beyond("a step", bytesOfNotes(advance), limits.commitBytes, "bytes of notes")
  )
}

// internal

/** What no store could give back of a step. */
const unfitFor = (advance: Advance): string | undefined => {
  const { epoch = 0, keep = [], subscriber } = advance
  const places = placesOf(advance)
  const texts = [
    subscriber,
    ...places.flatMap(({ key, kind }) => [kind, key]),
    ...keep.map(({ value }) => value)
  ]
  if (!texts.every((text) => text.isWellFormed())) return "a step has text that is not Unicode"
  return [epoch, ...places.map(({ order }) => order)].every((n) => Number.isSafeInteger(n) && n >= 0)
    ? undefined
    : "a step has an epoch or an order that is no whole number from 0"
}

const placesOf = ({ drop = [], keep = [] }: Advance): ReadonlyArray<Place> => [...drop, ...keep]

const bytesOfEvents = (parts: Commit["parts"]): number => {
  let bytes = 0
  for (const { events } of parts) for (const { payload } of events) bytes += Text.bytes(payload)
  return bytes
}

const bytesOfNotes = (advance: Advance | undefined): number =>
  (advance?.keep ?? []).reduce((bytes, { value }) => bytes + Text.bytes(value), 0)

const commandId = /^\P{Cc}{1,200}$/u

const invalid = (details: string): Problem => ({ reason: "Invalid", details })

const beyond = (what: string, found: number, limit: number, unit = "bytes"): Problem | undefined =>
  found > limit
    ? { reason: "TooLarge", details: `${what} has ${found} ${unit}; the limit is ${limit}` }
    : undefined
