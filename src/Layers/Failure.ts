/** Why a subscriber cannot go on, and how people are told. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { CheckpointMoved } from "../Domain/Commit.ts"
import type { Stored } from "../Domain/Event.ts"
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

/** Why a subscriber cannot go on: an event, another runner, or the store. */
export type Failure = HandlerFailed | CheckpointMoved | StoreError

/** The failure of a handler at a stored event. */
export const at = (stored: Stored, cause: unknown): HandlerFailed =>
  new HandlerFailed({ position: stored.position, event: nameOf(stored), cause })

/** What a cause means that a handler failed with at a stored event: the store's failure, another runner's, or its own. */
export const failAt = (stored: Stored, cause: Cause.Cause<unknown>): Effect.Effect<never, Failure> =>
  Effect.flatMap(own(cause), (own) => Effect.fail(at(stored, Cause.squash(own))))

/** What is a failure of the event's own, and not of the store, or of somebody else being faster. */
export const own = (cause: Cause.Cause<unknown>): Effect.Effect<Cause.Cause<unknown>, Failure> => {
  const error = Cause.squash(cause)
  return error instanceof CheckpointMoved || isOfStore(error) ? Effect.fail(error) : Effect.succeed(cause)
}

/** What an event is called where it has failed, for people. */
export const nameOf = ({ stream, type, version }: Stored): string => `${type} (${stream} version ${version})`

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
