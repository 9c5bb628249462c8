/** What a subscriber does with the pages of the log, and how it can fail. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { CheckpointMoved } from "../Domain/Commit.ts"
import type { Page, Stored } from "../Domain/Event.ts"
import type { Interest } from "../Domain/Interest.ts"
import { StoreError } from "../Services/StoreError.ts"
import type { Kind, Subscription } from "../Services/Subscriptions.ts"
import * as Retrying from "./Retrying.ts"

/** A handler failed at an event. What came before it has been dealt with. */
export class HandlerFailed extends Schema.TaggedError<HandlerFailed>()("HandlerFailed", {
  position: Schema.Int,
  event: Schema.String,
  cause: Schema.Defect
}) {
  override get message() {
    return `${this.event} at position ${this.position}: ${String(this.cause)}`
  }
}

/** An event as a text for people. */
export const describe = ({ stream, type, version }: Stored): string =>
  `${type} (${stream} version ${version})`

/** The failure of a handler at a stored event. */
export const failed = (stored: Stored, cause: unknown): HandlerFailed =>
  new HandlerFailed({ position: stored.position, event: describe(stored), cause })

/** Why a subscriber cannot go on: an event, another runner, or the store. */
export type Failure = HandlerFailed | CheckpointMoved | StoreError

/** What a subscriber does with the log. */
export interface Handler {
  /** Permanent: the checkpoint is found by it. */
  readonly name: string
  readonly kind: Kind
  /** What of the log arrives. */
  readonly interest: Interest
  /** Reads the checkpoint for whoever has the lease, and bars those of earlier epochs from moving it. */
  readonly open: (epoch: number, subscription: Subscription) => Effect.Effect<Session, Failure>
  /** Gives up what is stored, because it is not of this log: it is begun anew. Who cannot do that halts. */
  readonly disown?: Effect.Effect<void, Failure>
  /** Where the subscriber has got to, whoever runs it. */
  readonly position: Effect.Effect<number, StoreError>
  /** What somebody can do when it has halted. */
  readonly remedy: string
}

/** One stretch of a subscriber's work, from a checkpoint on. */
export interface Session {
  readonly position: number
  /** Of a projection: the generation of rows that readers see. */
  readonly generation?: number
  /** Deals with a page and stores that it has, up to `page.to`. */
  readonly handle: (page: Page) => Effect.Effect<void, Failure>
  /**
   * Does what is due besides the log, and says at what time it is to be asked again, if ever. Everything that was
   * recorded by `time` has been dealt with.
   */
  readonly chores?: (time: number) => Effect.Effect<number | undefined, Failure>
  /** Works beside the loop; when it is done, the subscriber begins another session. */
  readonly beside?: Effect.Effect<void, Failure>
}

/**
 * Handles a page at once, and event by event when that fails: what comes before the failing event is done then,
 * and the failure names that event.
 */
export const narrowing =
  <A>(handle: (page: Page) => Effect.Effect<A, Failure>) =>
  (page: Page): Effect.Effect<A, Failure> =>
    Effect.catchTag(handle(page), "HandlerFailed", (failure) => {
      const [first, ...others] = page.events.length > 1 ? singles(page) : []
      return first === undefined
        ? Effect.fail(failure)
        : others.reduce((before, part) => Effect.zipRight(before, handle(part)), handle(first))
    })

/**
 * Whether the same call can succeed later without anybody's help. Where a position moves by compare-and-set, an
 * outcome that nobody knows is no harm: another attempt finds it.
 */
export const isTransient = (error: unknown): error is StoreError =>
  error instanceof StoreError && (error.transient || error.reason === "OutcomeUnknown")

/** For as long as it takes, what can succeed without anybody's help. */
export const patience: Retrying.Options = {
  schedule: Retrying.backoff("50 millis", "5 seconds"),
  while: isTransient
}

/** Tries again, for as long as it takes, what can succeed without anybody's help. */
export const persisting = Retrying.retrying(patience)

/** What is a failure of the event's own, and not of the store, or of somebody else being faster. */
export const ours = (cause: Cause.Cause<unknown>): Effect.Effect<Cause.Cause<unknown>, Failure> => {
  const error = Cause.squash(cause)
  return error instanceof CheckpointMoved || isOfStore(error) ? Effect.fail(error) : Effect.succeed(cause)
}

/** What the failure of a handler means: the store's, another runner's, or failed at this event. */
export const failAt = (stored: Stored, cause: Cause.Cause<unknown>): Effect.Effect<never, Failure> =>
  Effect.flatMap(ours(cause), (own) => Effect.fail(failed(stored, Cause.squash(own))))

/** An error as one line for people, of bounded length: it is stored with what it set aside. */
export const oneLine = (error: unknown): string => {
  const line = textOf(error).slice(0, 4000).replace(/\s+/g, " ").toWellFormed()
  return line.length > 1000 ? `${line.slice(0, 1000)}…` : line
}

// internal

/** Setting events aside would not help, one after the other. */
const isOfStore = (error: unknown): error is StoreError =>
  error instanceof StoreError && !["Invalid", "TooLarge", "Undecodable"].includes(error.reason)

/** Anything can be thrown, also what has no text. */
const textOf = (error: unknown): string => {
  try {
    return String(error)
  } catch {
    return Object.prototype.toString.call(error)
  }
}

/** A page as pages of one event each, with what nobody wants before each event as a page of its own. */
const singles = ({ after, events, time, to }: Page): ReadonlyArray<Page> => {
  const pages: Array<Page> = []
  let reached = after
  const upTo = (next: number, time: number, events: Page["events"]) => {
    if (next > reached) pages.push({ after: reached, to: next, time, events })
    reached = next
  }
  for (const stored of events) {
    // What lies between was recorded by the time of this event, and it changes no row.
    upTo(stored.position - 1, stored.recordedAt, [])
    upTo(stored.position, stored.recordedAt, [stored])
  }
  upTo(to, time, [])
  return pages
}
