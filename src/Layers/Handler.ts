/** What a subscriber does with the pages of the log. */
import * as Effect from "effect/Effect"
import type { Page } from "../Domain/Event.ts"
import type { Interest } from "../Domain/Interest.ts"
import * as Pages from "../Domain/Pages.ts"
import type { StoreError } from "../Services/StoreError.ts"
import type { Kind, Subscription } from "../Services/Subscriptions.ts"
import type { Failure } from "./Failure.ts"

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
      const [first, ...others] = page.events.length > 1 ? Pages.singles(page) : []
      return first === undefined
        ? Effect.fail(failure)
        : others.reduce((before, part) => Effect.zipRight(before, handle(part)), handle(first))
    })
