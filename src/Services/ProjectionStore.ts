/** The writing side of the read database: the rows of projections, moved together with their position. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Projection from "../Domain/Projection.ts"
import type { CheckpointMoved } from "../Domain/Commit.ts"
import type { StoreError } from "./StoreError.ts"

/** One build of a projection, and how far it has got. */
export interface Generation {
  readonly generation: number
  readonly position: number
}

/** A row to be stored under a key, or the removal of the row. */
export interface Change {
  readonly key: string
  readonly row: Projection.JsonRow | undefined
}

/** What a stretch of the log does to the rows of one generation. */
export interface Batch {
  readonly projection: Projection.Any
  readonly generation: number
  readonly from: number
  readonly to: number
  /** `recordedAt` of the event at `to`. */
  readonly time: number
  /** At most one for a key. */
  readonly changes: ReadonlyArray<Change>
}

/** The port of projectors. */
export class ProjectionStore extends Context.Tag("everfold/ProjectionStore")<
  ProjectionStore,
  {
    /** The generation that readers see; a first one at position 0 when this version was never built. */
    readonly serving: (projection: Projection.Any) => Effect.Effect<Generation, StoreError>
    /** Starts a new generation at position 0, unseen by readers; an unfinished earlier one is removed. */
    readonly begin: (projection: Projection.Any) => Effect.Effect<Generation, StoreError>
    /** The rows of some keys, as far as they exist. */
    readonly rows: (
      generation: number,
      keys: ReadonlyArray<string>
    ) => Effect.Effect<ReadonlyMap<string, Projection.JsonRow>, StoreError>
    /**
     * Stores the changes and moves the position, both or neither, if the generation still is at `from`: each
     * event changes the rows once, however many run the projection.
     */
    readonly write: (batch: Batch) => Effect.Effect<void, CheckpointMoved | StoreError>
    /**
     * Lets readers see a generation and removes the one that they saw; `false`, and nothing happens, while the
     * new one is behind. Fails with `CheckpointMoved` when somebody else has begun another one instead.
     */
    readonly promote: (
      projection: Projection.Any,
      generation: number
    ) => Effect.Effect<boolean, CheckpointMoved | StoreError>
  }
>() {}
