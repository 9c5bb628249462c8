/** What keeps handlers from their work. */
import * as Effect from "effect/Effect"

/** Trouble, by whom it meets and at what. */
export interface Trouble {
  /** Whether a handler that is a function, or a decision, cannot do its work now. */
  readonly strikes: (who: string, what: string) => boolean
  /** What happens to a handler with effects before it does its work. */
  readonly before: (who: string, what: string) => Effect.Effect<void, unknown>
}

/** No trouble at all. */
export const none: Trouble = { strikes: () => false, before: () => Effect.void }
