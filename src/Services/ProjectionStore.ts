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
  /** `recordedAt` of the event at that position; 0 before the first. */
  readonly time: number
  /** Whether readers see it. */
  readonly serving: boolean
}

/** Whoever is going to write to the generations of a projection. */
export interface Claim {
  readonly projection: Projection.Any
  /** The log that is folded. What was built from another one, or from this one before a restore, does not count. */
  readonly log: string
  /** Of the owner's lease: from now on, whatever comes from an earlier epoch is refused. */
  readonly epoch: number
  /** Where the log ends: what is built for the first time is shown to readers once it has got there. */
  readonly head: number
}

/** The generations of a projection that are worked on. */
export interface Builds {
  /** The one that readers see; before there is one, the one that they are going to see. */
  readonly current: Generation
  /** The one that is being built to take its place. */
  readonly next: Generation | undefined
}

/** What a stretch of the log does to the rows of one generation. */
export interface Batch {
  readonly projection: Projection.Any
  readonly generation: number
  /** Of the lease under which it is written. */
  readonly epoch: number
  readonly from: number
  readonly to: number
  /** `recordedAt` of the event at `to`. */
  readonly time: number
  /** At most one for a key. */
  readonly changes: ReadonlyArray<Projection.Change>
}

/** The port of projectors. */
export class ProjectionStore extends Context.Tag("everfold/ProjectionStore")<
  ProjectionStore,
  {
    /**
     * The generations of this version and log; a first one when it was never built, which readers see at once if
     * the log is empty. Fails with `CheckpointMoved` when somebody of a later epoch was here.
     */
    readonly claim: (claim: Claim) => Effect.Effect<Builds, CheckpointMoved | StoreError>
    /**
     * Starts a generation at position 0, unseen by readers, to take the place of the current one; what was unfinished
     * of this version is removed. It is fenced as the current one is. When nothing of this log is seen yet, it has the
     * goal of what it replaces, or gets one from the next claim.
     * What is ahead of `head` was not built from this log, whatever its name: readers see it until the new one is
     * complete, and its epoch keeps nobody out any more. With -1 that is all there is.
     */
    readonly begin: (
      projection: Projection.Any,
      log: string,
      head?: number
    ) => Effect.Effect<Generation, StoreError>
    /** The rows of some keys, as far as they exist. */
    readonly rows: (
      generation: number,
      keys: ReadonlyArray<string>
    ) => Effect.Effect<ReadonlyMap<string, Projection.JsonRow>, StoreError>
    /**
     * Stores the changes and moves the position, both or neither, if the generation still is at `from` and nobody
     * of a later epoch has claimed it: each event changes the rows once, however many run the projection. In the
     * same transaction readers change over to it as soon as it has got as far as what they see, or, the first
     * time, as far as the log was when it was begun; the one that they saw is former then, and refused from now on.
     * A batch may end where it begins. Returns where the generation is now.
     */
    readonly write: (batch: Batch) => Effect.Effect<Generation, CheckpointMoved | StoreError>
    /**
     * Removes former generations of any version and log, with their rows; of lower versions also what is being built,
     * and what is seen as soon as a higher version is. Returns how many. Writers are not held up meanwhile.
     */
    readonly prune: (projection: Projection.Any) => Effect.Effect<number, StoreError>
  }
>() {}
