/** Kept states of aggregates: one a stream, a cache that may lose any of them at any time. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type { Snapshot } from "../Domain/Snapshot.ts"
import type { StoreError } from "./StoreError.ts"

/** The port of snapshots. Its home is the log's database: whoever restores the log restores what belongs to it. */
export class Snapshots extends Context.Tag("everfold/Snapshots")<
  Snapshots,
  {
    /** The snapshot of a stream, if it was saved under this key and has not been damaged since. */
    readonly load: (stream: string, key: string) => Effect.Effect<Option.Option<Snapshot>, StoreError>
    /** Keeps each in the place of the one that its stream has, unless that one is of a higher version. */
    readonly save: (snapshots: ReadonlyArray<Snapshot>) => Effect.Effect<void, StoreError>
    /** Forgets the snapshot of a stream, whatever its version and key; then any may be saved. */
    readonly discard: (stream: string) => Effect.Effect<void, StoreError>
  }
>() {}
