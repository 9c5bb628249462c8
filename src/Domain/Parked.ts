/** Events that a reaction has set aside, because it could not deal with them or with an earlier one of their stream. */
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import type { Note, Place } from "./Note.ts"

/** Why an event is set aside, and since when. The event itself stays in the log. */
export const Parked = Schema.Struct({
  /** What waits together, in order: the stream of the event. */
  sequence: Schema.String,
  position: Schema.Int,
  /** What it is, for people: the type of the event, its stream and its version. */
  event: Schema.String,
  /** Why it could not be dealt with; absent when it only waits behind an earlier one. */
  cause: Schema.optional(Schema.String),
  /** How often it was tried. */
  attempts: Schema.Int,
  /** When it was set aside, in milliseconds since 1970. */
  since: Schema.Number,
  /** The commands that were refused, of a process: they were decided, and are not decided again. */
  commands: Schema.optional(Schema.String),
  /** Why nobody is going to deal with it any more. */
  discarded: Schema.optional(Schema.String)
})
export type Parked = typeof Parked.Type

/** Where it is noted. */
export const place = ({ position, sequence }: Pick<Parked, "sequence" | "position">): Place => ({
  kind,
  key: sequence,
  order: position
})

/** The note of an event that is set aside. */
export const toNote = (parked: Parked): Note => ({ ...place(parked), value: encode(parked) })

/** The note of an event that nobody is going to deal with. */
export const toDiscarded = (parked: Parked, reason: string): Note => ({
  ...place(parked),
  kind: discardedKind,
  value: encode({ ...parked, discarded: reason })
})

/** Reads a note. */
export const fromNote = ({ value }: Note): Either.Either<Parked, string> =>
  Either.mapLeft(decode(value), (error) => error.message)

/** The note that asks for another attempt at what is set aside of a sequence, up to a position. */
export const toRetry = (sequence: string, position: number): Note => ({
  kind: retryKind,
  key: sequence,
  order: position,
  value: ""
})

/** The kinds of notes. */
export const kind = "parked"
export const discardedKind = "discarded"
export const retryKind = "retry"

// internal

const json = Schema.parseJson(Parked)
const encode = Schema.encodeSync(json)
const decode = Schema.decodeUnknownEither(json)
