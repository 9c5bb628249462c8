/** What a table projection needs of the read database. */
import type { SqlError } from "@effect/sql/SqlError"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Projection from "../../Domain/Projection.ts"
import type { CheckpointMoved } from "../../Domain/Commit.ts"
import type { Batch, Generation } from "../../Services/ProjectionStore.ts"
import type { StoreError } from "../../Services/StoreError.ts"

/** The port of table projectors. */
export class TableStore extends Context.Tag("everfold/TableStore")<
  TableStore,
  {
    /** The position of a projection; runs `setup` in the same transaction when this version is new. */
    readonly serving: <E>(
      projection: Projection.Any,
      setup: Effect.Effect<unknown, E>
    ) => Effect.Effect<Generation, E | StoreError>
    /** Runs `work` and moves the position, both or neither, if the position still is at `from`. */
    readonly write: <E>(
      batch: Omit<Batch, "changes">,
      work: Effect.Effect<unknown, E>
    ) => Effect.Effect<void, E | CheckpointMoved | StoreError>
    /** What the failure of a statement means. */
    readonly storeError: (error: SqlError) => StoreError
  }
>() {}
