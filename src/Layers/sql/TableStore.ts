/** What a table projection needs of the read database. */
import type { SqlError } from "@effect/sql/SqlError"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { CheckpointMoved } from "../../Domain/Commit.ts"
import type * as Projection from "../../Domain/Projection.ts"
import type { Batch, Claim, Generation } from "../../Services/ProjectionStore.ts"
import type { StoreError } from "../../Services/StoreError.ts"

/** The port of table projectors. A projection has one generation, because all of its versions share its tables. */
export class TableStore extends Context.Tag("everfold/TableStore")<
  TableStore,
  {
    /**
     * The generation of this version and log, which serves from the start. When there is none, it is made in one
     * transaction with what `setup` does, in the place of that of another version or log. Fails with
     * `CheckpointMoved` when somebody of a later epoch was here.
     */
    readonly claim: <E>(
      claim: Claim,
      setup: Effect.Effect<unknown, E>
    ) => Effect.Effect<Generation, E | CheckpointMoved | StoreError>
    /** Gives up what is there, of whatever version: the next claim begins anew. */
    readonly disown: (projection: Projection.Any) => Effect.Effect<void, StoreError>
    /**
     * Runs `work` and moves the position, both or neither, if the position still is at `from` and nobody of a later
     * epoch has claimed it. Returns where it is now.
     */
    readonly write: <E>(
      batch: Omit<Batch, "changes">,
      work: Effect.Effect<unknown, E>
    ) => Effect.Effect<Generation, E | CheckpointMoved | StoreError>
    /** What the failure of a statement means. */
    readonly storeError: (error: SqlError) => StoreError
  }
>() {}
