/** The checkpoint of a subscriber in the log's database, and its notes: moved by whoever has the lease. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Advance, CheckpointMoved } from "../Domain/Commit.ts"
import * as Note from "../Domain/Note.ts"
import * as EventStore from "../Services/EventStore.ts"
import * as Notes from "../Services/Notes.ts"
import * as StoreError from "../Services/StoreError.ts"

/** What a step does besides moving the checkpoint. */
export type Changes = Pick<Advance, "keep" | "drop">

/** A checkpoint under a lease. */
export interface Checkpoint {
  readonly subscriber: string
  /** Where it stands. */
  readonly position: () => number
  /** The step from there to a position, for a commit. */
  readonly step: (to: number, changes?: Changes) => Advance
  /** Takes such a step, by itself. */
  readonly take: (
    to: number,
    changes?: Changes
  ) => Effect.Effect<void, CheckpointMoved | StoreError.StoreError>
  /** Somebody's commit has taken the step. */
  readonly taken: (to: number) => void
  /** The notes of a kind, of one key or of all. */
  readonly notes: (
    kind: string,
    key?: string
  ) => Effect.Effect<ReadonlyArray<Note.Note>, StoreError.StoreError>
}

/** The log's database, as subscribers use it. */
export interface Home {
  readonly log: Context.Tag.Service<typeof EventStore.EventStore>
  readonly notes: Context.Tag.Service<typeof Notes.Notes>
}

/** The home of reactions. */
export const home: Effect.Effect<Home, never, EventStore.EventStore | Notes.Notes> = Effect.all({
  log: EventStore.EventStore,
  notes: Notes.Notes
})

/** Reads the checkpoint of a subscriber, and bars those of earlier epochs from moving it. */
export const claim = (
  { log, notes }: Home,
  subscriber: string,
  epoch: number,
  changes: Changes = {}
): Effect.Effect<Checkpoint, CheckpointMoved | StoreError.StoreError> =>
  Effect.gen(function* () {
    let position = yield* log.checkpoint(subscriber)
    const step = (to: number, changes: Changes = {}) => ({
      subscriber,
      epoch,
      from: position,
      to,
      ...changes
    })
    const taken = (to: number) => {
      position = to
    }
    const take = (to: number, changes?: Changes) =>
      Effect.map(EventStore.advance(log, step(to, changes)), () => taken(to))
    yield* take(position, changes)
    return {
      subscriber,
      position: () => position,
      step,
      take,
      taken,
      notes: (kind, key) => Notes.all(notes, { subscriber, kind, ...(key !== undefined && { key }) })
    }
  })

/**
 * The same for a subscriber with effects outside the log, which a restore of the log does not take back: it stops
 * then, until somebody who knows about it resumes it.
 */
export const claimWithEffects = (home: Home, subscriber: string, epoch: number) =>
  Effect.gen(function* () {
    const { log, notes } = home
    const name = EventStore.nameOf(yield* log.identity)
    const [known] = yield* notes.find({ subscriber, kind: Note.ofLogKind })
    if (known !== undefined && known.value !== name) {
      return yield* StoreError.make(
        "ForeignCheckpoint",
        `the log was restored from a backup: what it did after position ${yield* log.checkpoint(subscriber)} may` +
          " happen again. Resume it to go on from there"
      )
    }
    return yield* claim(home, subscriber, epoch, { keep: [Note.ofLog(name)] })
  })
