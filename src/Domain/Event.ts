/**
 * Events as the log knows them: encoded on their way in, stored, and recorded (decoded again, with everything
 * that the log knows about them).
 */
import * as Schema from "effect/Schema"
import * as Message from "./Message.ts"
import type { ByTag, List, Tagged, TagOf, TypeOf } from "./Message.ts"

/**
 * Why an event exists, and who wanted it. Set by the kit from a command to its events and on to the commands
 * of a reaction; never part of a payload.
 */
export const Metadata = Schema.Struct({
  /** Shared by everything that one request set off. */
  correlationId: Schema.optionalWith(Schema.String, { exact: true }),
  /** The id of the event that a reaction answered with this command; absent when it came from outside. */
  causationId: Schema.optionalWith(Schema.String, { exact: true }),
  /** The command that was accepted. */
  commandId: Schema.optionalWith(Schema.String, { exact: true }),
  /** Who sent the first command. */
  actor: Schema.optionalWith(Schema.String, { exact: true })
})
export type Metadata = typeof Metadata.Type

/** What identifies a stored event, and its place in its stream and in the log. */
export interface Envelope {
  /** Unique in the log: the id of the command that led to it, and a number. */
  readonly id: string
  /** `<Category>-<id>`: the events of one aggregate. */
  readonly stream: string
  /** The place in the stream: 1..n without a gap. */
  readonly version: number
  /** The place in the log: 1..N without a gap, in the order of the commits. */
  readonly position: number
  /** Milliseconds since 1970, by the clock of the store; never goes back along the log. */
  readonly recordedAt: number
  /** Which Schema of its type the payload was written with; the first is 1. */
  readonly revision: number
}

/** An event with its envelope and metadata: what handlers receive. */
export interface Recorded<out E extends Tagged = Tagged> extends Envelope {
  readonly metadata: Metadata
  readonly event: E
}

/** An event ready to be appended; the commit that it is part of gives it its id. */
export interface Encoded {
  readonly type: string
  readonly revision: number
  /** JSON text, without the tag, which is the type. */
  readonly payload: string
}

/** An event as the store returns it: not decoded yet. */
export interface Stored extends Envelope {
  readonly type: string
  /** JSON text, without the tag, which is the type. */
  readonly payload: string
  /** JSON text of `Metadata`. */
  readonly metadata: string
}

/** What a fold needs of a stored event: nothing of its place in the log, and of when and why it came about. */
export type Past = Omit<Stored, "position" | "recordedAt" | "metadata">

/** An event that nobody has decoded. */
export interface Undecoded {
  /** Its type. */
  readonly _tag: string
  /** JSON text, without the tag. */
  readonly payload: string
}

/** A stretch of the log: every wanted event with `after < position <= to`, in the order of the log. */
export interface Page {
  readonly after: number
  /** How far the log was scanned; equals `after` at the head of the log. */
  readonly to: number
  /** `recordedAt` of the event at `to`; 0 before the first event. */
  readonly time: number
  readonly events: ReadonlyArray<Stored>
}

/** One handler per event of a list: it gets the event, and what the log knows about it. */
export type Handlers<Events extends List, Result> = {
  readonly [Tag in TagOf<Events>]: (
    event: ByTag<TypeOf<Events>, Tag>,
    recorded: Recorded<ByTag<TypeOf<Events>, Tag>>
  ) => Result
}

/** Gives each recorded event to its handler. */
export const handledBy = <Result>(handlers: object): ((recorded: Recorded) => Result) => {
  const handler = Message.handlerOf<(event: unknown, recorded: unknown) => Result>(handlers)
  return (recorded) => handler(recorded.event._tag)(recorded.event, recorded)
}

/** Gives each recorded event to its handler, together with what is known about this attempt. */
export const attemptedBy = <Attempt, Result>(
  handlers: object
): ((recorded: Recorded, attempt: Attempt) => Result) => {
  const handler = Message.handlerOf<(event: unknown, recorded: unknown, attempt: Attempt) => Result>(handlers)
  return (recorded, attempt) => handler(recorded.event._tag)(recorded.event, recorded, attempt)
}

/** Gives each recorded event to its handler, together with what was there before. */
export const foldedBy = <Before, Result>(
  handlers: object
): ((before: Before, recorded: Recorded) => Result) => {
  const handler = Message.handlerOf<(before: Before, event: unknown, recorded: unknown) => Result>(handlers)
  return (before, recorded) => handler(recorded.event._tag)(before, recorded.event, recorded)
}

/** Puts events into made-up envelopes of one stream, for tests of projections and reactions. */
export const record = <E extends Tagged>(
  events: ReadonlyArray<E>,
  options: { readonly stream?: string; readonly recordedAt?: number; readonly metadata?: Metadata } = {}
): ReadonlyArray<Recorded<E>> =>
  events.map((event, index) => ({
    id: `event-${index + 1}`,
    stream: options.stream ?? "Test-1",
    version: index + 1,
    position: index + 1,
    recordedAt: options.recordedAt ?? index + 1,
    revision: 1,
    metadata: options.metadata ?? {},
    event
  }))
