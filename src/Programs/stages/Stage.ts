/** A stage on the way from one table to a log with a bus: what it solves, what it costs, and who needs it. */
import type * as Effect from "effect/Effect"

/** What is to be said of one of the five on a screen. */
export interface Outline<E, R> {
  readonly number: 1 | 2 | 3 | 4 | 5
  readonly title: string
  /** What has changed since the stage before, a line each; nothing in the first one. */
  readonly changed: ReadonlyArray<string>
  /** The trouble of the stage before that is gone. */
  readonly solved: string
  /** The trouble that came with it. */
  readonly cost: string
  /** Whoever needs this stage, and no further one. */
  readonly need: string
  /** Shows the one thing that matters most, on one screen. */
  readonly glimpse: Effect.Effect<void, E, R>
}

/** One of the five. */
export interface Stage<E, R> extends Outline<E, R> {
  /** Shows all of it. */
  readonly tell: Effect.Effect<void, E, R>
}
