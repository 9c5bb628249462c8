/** What a subscriber does with the pages of the log, and how it can fail. */
import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type { Advance } from "../Domain/Commit.ts"
import { CheckpointMoved } from "../Domain/Commit.ts"
import type { Page, Stored } from "../Domain/Event.ts"
import type { EventStore } from "../Services/EventStore.ts"
import { StoreError } from "../Services/StoreError.ts"

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

/** The failure of a handler at a stored event. */
export const failed = ({ position, stream, type, version }: Stored, cause: unknown): HandlerFailed =>
  new HandlerFailed({ position, event: `${type} (${stream} version ${version})`, cause })

/** What a subscriber does with the log. */
export interface Handler {
  /** Permanent: the checkpoint is found by it. */
  readonly name: string
  /** Only events of these types arrive. */
  readonly types: ReadonlyArray<string>
  /** The checkpoint as it is stored. */
  readonly checkpoint: Effect.Effect<number, StoreError>
  /** Deals with a page and stores that it has, up to `page.to`. */
  readonly handle: (page: Page) => Effect.Effect<void, HandlerFailed | CheckpointMoved | StoreError>
  /** What somebody can do when it has halted. */
  readonly remedy: string
}

/**
 * Deals with a page one event at a time. `onEvent` says whether it has moved the checkpoint as `advance` asks;
 * where it had no reason to, the checkpoint moves at the end of the page.
 */
export const eachEvent =
  (
    subscriber: string,
    log: Context.Tag.Service<typeof EventStore>,
    onEvent: (stored: Stored, advance: Advance) => Effect.Effect<boolean, unknown>
  ): Handler["handle"] =>
  (page) =>
    Effect.suspend(() => {
      let from = page.after
      return Effect.gen(function* () {
        for (const stored of page.events) {
          const to = stored.position
          const moved = yield* onEvent(stored, { subscriber, from, to }).pipe(
            Effect.catchAllCause((cause) => failAt(stored, cause))
          )
          if (moved) from = to
        }
        if (from < page.to) yield* advance(log, { subscriber, from, to: page.to })
      }).pipe(
        // What is done is not done again: another attempt begins at the checkpoint, not at the page.
        Effect.mapError((error) =>
          isTransient(error) && from > page.after
            ? new CheckpointMoved({ subscriber, expected: page.after })
            : error
        )
      )
    })

/**
 * Handles a page at once, and event by event when that fails: what comes before the failing event is done then,
 * and the failure names that event.
 */
export const narrowing =
  (handle: Handler["handle"]): Handler["handle"] =>
  (page) =>
    Effect.catchTag(handle(page), "HandlerFailed", (failure) =>
      page.events.length > 1 ? Effect.forEach(singles(page), handle, { discard: true }) : Effect.fail(failure)
    )

/** Moves a checkpoint in the log's database, and writes nothing else. */
export const advance = (
  log: Context.Tag.Service<typeof EventStore>,
  move: Advance
): Effect.Effect<void, CheckpointMoved | StoreError> =>
  log.append({ id: "", metadata: {}, parts: [], advance: move }).pipe(
    // No parts, no conflict; no id, no other answer under it.
    Effect.catchTags({ VersionConflict: Effect.die, CommandIdReused: Effect.die }),
    Effect.asVoid
  )

/** What the failure of a handler means: to be tried again, moved by another runner, or failed at this event. */
export const failAt = (
  stored: Stored,
  cause: Cause.Cause<unknown>
): Effect.Effect<never, HandlerFailed | CheckpointMoved | StoreError> => {
  const error = Cause.squash(cause)
  return Effect.fail(error instanceof CheckpointMoved || isTransient(error) ? error : failed(stored, error))
}

/**
 * Whether the same call can succeed later without anybody's help. Where a position moves by compare-and-set, an
 * outcome that nobody knows is no harm: another attempt finds it.
 */
export const isTransient = (error: unknown): error is StoreError =>
  error instanceof StoreError && (error.transient || error.reason === "OutcomeUnknown")

/** Tries again, for as long as it takes, what can succeed without anybody's help. */
export const persisting = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.retry(effect, { schedule: backOff, while: isTransient })

// internal

const backOff = Schedule.exponential("50 millis").pipe(
  Schedule.jittered,
  Schedule.union(Schedule.spaced("5 seconds"))
)

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
