/** The log: streams of encoded events, appended atomically, read in pages. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Commit } from "../Domain/Commit.ts"
import type { Page, Stored } from "../Domain/Event.ts"
import type { StoreError } from "./StoreError.ts"

/** Somebody else appended first: the stream is not as expected. Nothing was written. */
export class VersionConflict extends Schema.TaggedError<VersionConflict>()("VersionConflict", {
  stream: Schema.String,
  expected: Schema.String,
  actual: Schema.Int
}) {
  override get message() {
    return `${this.stream} is at version ${this.actual}, expected ${this.expected}`
  }
}

/** Somebody else runs the same subscriber and has moved its checkpoint. Nothing was written. */
export class CheckpointMoved extends Schema.TaggedError<CheckpointMoved>()("CheckpointMoved", {
  subscriber: Schema.String,
  expected: Schema.Int
}) {
  override get message() {
    return `the checkpoint of "${this.subscriber}" is no longer at ${this.expected}`
  }
}

/** What was written: the events of all parts, in order, contiguous in the log. */
export interface Committed {
  readonly events: ReadonlyArray<Stored>
}

/** Which log this is, and how often it was restored from a backup. */
export interface Identity {
  readonly id: string
  readonly epoch: number
}

/** How far a read of one stream goes. */
export interface StreamQuery {
  readonly stream: string
  /** Only later versions; default 0. */
  readonly after?: number
  /** Not beyond this version. */
  readonly version?: number
  /** Not beyond this time, in milliseconds since 1970. */
  readonly time?: number
  /** At most so many events, and at least one; default 500. */
  readonly limit?: number
}

/** Which part of the log to read. */
export interface LogQuery {
  /** Only later positions; default 0. */
  readonly after?: number
  /** Only events of these types. */
  readonly types?: ReadonlyArray<string>
  /** Only events of these categories. */
  readonly categories?: ReadonlyArray<string>
  /** Only events recorded at this time or later, in milliseconds since 1970. */
  readonly since?: number
  /** At most so many events, and at least one; default 500. */
  readonly limit?: number
}

/** The port of the log. Every implementation passes the same contract suite. */
export class EventStore extends Context.Tag("everfold/EventStore")<
  EventStore,
  {
    /**
     * Writes all parts and moves the checkpoint, or does nothing. A return means durable. Positions and
     * versions have no gap. Interrupted before it began, it has written nothing; after that the caller waits
     * for the outcome.
     */
    readonly append: (
      commit: Commit
    ) => Effect.Effect<Committed, VersionConflict | CheckpointMoved | StoreError>
    /** The next events of a stream, oldest first; fewer than `limit` at its end. */
    readonly readStream: (query: StreamQuery) => Effect.Effect<ReadonlyArray<Stored>, StoreError>
    /**
     * The next page of the log, and how far it was scanned: `to` moves on although nothing matched. Fails with
     * `PositionGap` instead of passing over a hole.
     */
    readonly readAll: (query: LogQuery) => Effect.Effect<Page, StoreError>
    /** The last position; 0 when the log is empty. */
    readonly head: Effect.Effect<number, StoreError>
    /** Where a subscriber whose checkpoint lives in the log's database has got to; 0 when it never ran. */
    readonly checkpoint: (subscriber: string) => Effect.Effect<number, StoreError>
    readonly identity: Effect.Effect<Identity, StoreError>
  }
>() {}

/** How many events a page has unless the query says otherwise. */
export const defaultLimit = 500

/** How many events a query asks for. */
export const limitOf = ({ limit = defaultLimit }: { readonly limit?: number }): number => Math.max(1, limit)
