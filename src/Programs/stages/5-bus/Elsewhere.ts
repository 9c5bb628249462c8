/** Another program on the same files, for the one thing that a program cannot do and go on: to be killed. */
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"
import * as Option from "effect/Option"

/** A change of stock, under an id that somebody keeps. */
export interface Sale {
  readonly name: string
  readonly stock: number
  readonly commandId: string
}

/** How the other program has ended. */
export interface Ended {
  /** The signal that has ended it, if it was one. */
  readonly signal: string | null
  /** The receipts that it has printed. */
  readonly receipts: number
}

/** The other program has ended otherwise. */
export class NotKilled extends Data.TaggedError("NotKilled")<{ readonly message: string }> {}

/**
 * Has another program sell something and be killed: after the commit, and before its doorbell has rung. Absent where
 * programs share no files.
 */
export class Elsewhere extends Context.Reference<Elsewhere>()("everfold/stages/Elsewhere", {
  defaultValue: (): Option.Option<(sale: Sale) => Effect.Effect<Ended, NotKilled>> => Option.none()
}) {}
