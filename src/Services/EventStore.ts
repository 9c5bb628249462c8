/** The log: streams of encoded events, appended atomically, read in pages. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Committed, Refusal } from "../Domain/Append.ts"
import * as Commit from "../Domain/Commit.ts"
import type { Page, Past, Stored } from "../Domain/Event.ts"
import type { Interest } from "../Domain/Interest.ts"
import type { Limits } from "../Domain/Limits.ts"
import * as StoreError from "./StoreError.ts"

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
export interface LogQuery extends Interest {
  /** Only later positions; default 0. */
  readonly after?: number
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
     * versions have no gap. A commit that the log has already is not written again: its events are returned.
     * Interrupted before the writer has taken it, it has written nothing; after that the caller waits for the
     * outcome. A store that puts commits into an order before it writes them may run `queued` as soon as the
     * place of this one is certain, and before the writer takes it: what is appended later is written later.
     */
    readonly append: (
      commit: Commit.Commit,
      queued?: () => void
    ) => Effect.Effect<Committed, Refusal | StoreError.StoreError>
    /** The next events of a stream, oldest first; fewer than `limit` at its end. */
    readonly readStream: (query: StreamQuery) => Effect.Effect<ReadonlyArray<Stored>, StoreError.StoreError>
    /** The same with only what a fold needs, which is read in three quarters of the time. */
    readonly readPast: (query: StreamQuery) => Effect.Effect<ReadonlyArray<Past>, StoreError.StoreError>
    /**
     * The next page of the log, and how far it was scanned: `to` moves on although nothing matched. Fails with
     * `PositionGap` instead of passing over a hole. A page has at most 4 MiB of payloads, unless one event has more.
     */
    readonly readAll: (query: LogQuery) => Effect.Effect<Page, StoreError.StoreError>
    /** The last position; 0 when the log is empty. */
    readonly head: Effect.Effect<number, StoreError.StoreError>
    /** Where a subscriber whose checkpoint lives in the log's database has got to; 0 when it never ran. */
    readonly checkpoint: (subscriber: string) => Effect.Effect<number, StoreError.StoreError>
    readonly identity: Effect.Effect<Identity, StoreError.StoreError>
  }
>() {}

/** The name of a log: another one after each restore, because events may have been lost with it. */
export const nameOf = ({ epoch, id }: Identity): string => `${id}/${epoch}`

/** Takes a step in the name of a subscriber, and writes no event. */
export const advance = (
  store: Context.Tag.Service<typeof EventStore>,
  step: Commit.Advance
): Effect.Effect<void, Commit.CheckpointMoved | StoreError.StoreError> =>
  store.append({ id: "", metadata: {}, parts: [], advance: step }).pipe(
    // No parts, no conflict; no id, no other answer under it.
    Effect.catchTags({ VersionConflict: Effect.die, CommandIdReused: Effect.die }),
    Effect.asVoid
  )

/** How many events a page has unless the query says otherwise. */
export const defaultLimit = 500

/** How many bytes of payloads a page has, unless one event has more. */
export const pageBytes = 4 * 1024 * 1024

/** How many events a query asks for. */
export const limitOf = ({ limit = defaultLimit }: { readonly limit?: number }): number => whole(limit, 1)

/** After which position or version a query begins. */
export const afterOf = ({ after = 0 }: { readonly after?: number }): number => whole(after, 0)

/** Why no store may take a commit, whatever is in the log. */
export const refusal = (commit: Commit.Commit, limits: Limits): StoreError.StoreError | undefined => {
  const problem = Commit.problem(commit, limits)
  return problem && StoreError.make(problem.reason, problem.details)
}

// internal

/** A number that every store can count with. */
const whole = (number: number, least: number): number =>
  number > least ? Math.min(Math.floor(number), Number.MAX_SAFE_INTEGER) : least
