/** What can be wrong with a log, and who goes through its events to find the first that is. */
import * as Either from "effect/Either"
import type { Found } from "./Continuity.ts"
import * as Continuity from "./Continuity.ts"
import type { Stored } from "./Event.ts"
import type * as EventCodec from "./EventCodec.ts"
import * as StreamName from "./StreamName.ts"

/** What kind of thing is wrong, because each needs something else to be done. */
export type Reason =
  /** Something is not what was written, or is missing. */
  | "Damaged"
  /** An event is what was written, and this program does not know it. */
  | "Undecodable"
  /** A subscriber has got further than the log. */
  | "Ahead"
  /** The protection of the log is not what the kit has put there: somebody was at it. */
  | "Altered"

/** Something that should not be so. */
export interface Fault {
  readonly reason: Reason
  readonly details: string
}

/** Something that should not be so, and the event that it is about, if it is about one. */
export interface Problem extends Fault {
  readonly event: Stored | undefined
}

/** A problem in one line. */
export const describe = ({ details, event }: Problem): string =>
  event === undefined
    ? details
    : `event ${event.position} (${event.type}, ${event.stream} version ${event.version}): ${details}`

/** Something that is not what was written. */
export const damaged = (details: string, event?: Stored): Problem => ({ reason: "Damaged", details, event })

/** How far somebody has got who goes through the events from the first on. */
export interface Walk {
  /** Those that were looked at. */
  readonly events: number
  readonly streams: number
  /** Those of a known category; of the others only the JSON was read. */
  readonly decoded: number
  /** The last one, which was sound. */
  readonly last: Stored | undefined
  /** Where the walk has ended: no further event is looked at. */
  readonly problem: Problem | undefined
}

/** Before the first event. */
export const start: Walk = { events: 0, streams: 0, decoded: 0, last: undefined, problem: undefined }

/** The codecs of the categories that a program knows. */
export type Codecs = ReadonlyMap<string, EventCodec.Any>

/** Goes on to the next events of the log, and stops at the first that is not sound. */
export const visit = (walk: Walk, page: ReadonlyArray<Found>, codecs: Codecs): Walk => {
  let { decoded, events, last, streams } = walk
  for (const found of page) {
    const { stored } = found
    const codec = codecs.get(StreamName.category(stored.stream))
    const problem = problemOf(last, found, codec)
    events += 1
    if (problem !== undefined) return { events, streams, decoded, last, problem }
    if (stored.version === 1) streams += 1
    if (codec !== undefined) decoded += 1
    last = stored
  }
  return { events, streams, decoded, last, problem: undefined }
}

// internal

const problemOf = (
  before: Stored | undefined,
  found: Found,
  codec: EventCodec.Any | undefined
): Problem | undefined => {
  const { metadata, payload } = found.stored
  const broken =
    Continuity.problem(before, found) ?? unparsable("payload", payload) ?? unparsable("metadata", metadata)
  if (broken !== undefined) return damaged(broken, found.stored)
  const decoded = codec?.decode(found.stored)
  return decoded === undefined || Either.isRight(decoded)
    ? undefined
    : { reason: "Undecodable", details: decoded.left.details, event: found.stored }
}

const unparsable = (what: string, text: string): string | undefined => {
  const parsed = Either.try((): unknown => JSON.parse(text))
  const isObject = Either.isRight(parsed) && typeof parsed.right === "object" && parsed.right !== null
  return isObject ? undefined : `its ${what} is no JSON object`
}
