/** The events that a subscriber has set aside: kept in order, tried again when an operator asks. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { CheckpointMoved } from "../Domain/Commit.ts"
import type { Stored } from "../Domain/Event.ts"
import type { Note } from "../Domain/Note.ts"
import * as Parked from "../Domain/Parked.ts"
import * as StoreError from "../Services/StoreError.ts"
import type { Subscription } from "../Services/Subscriptions.ts"
import type { Changes, Checkpoint } from "./Checkpoint.ts"
import * as Handler from "./Handler.ts"

/** The events that are set aside. */
export interface ParkedEvents {
  /** Whether an event of this sequence has to wait behind another one. */
  readonly has: (sequence: string) => boolean
  readonly size: () => number
  /** Sets an event aside and moves the checkpoint past it; without a cause, it waits behind another one. */
  readonly park: (
    stored: Stored,
    sequence: string,
    failure?: { readonly cause: unknown; readonly attempts: number }
  ) => Effect.Effect<void, CheckpointMoved | StoreError.StoreError>
  /** Sets something aside with a step of the checkpoint to a position. */
  readonly setAside: (
    one: Omit<Parked.Parked, "since">,
    to: number,
    changes?: Changes
  ) => Effect.Effect<void, CheckpointMoved | StoreError.StoreError>
  /** It is no longer set aside. */
  readonly freed: (one: Pick<Parked.Parked, "sequence" | "position">) => Effect.Effect<void>
}

/** Reads what is set aside. */
export const open = (
  checkpoint: Checkpoint,
  subscription: Subscription
): Effect.Effect<ParkedEvents, StoreError.StoreError> =>
  Effect.gen(function* () {
    const sequences = new Map<string, Set<number>>()
    let size = 0
    const isAside = (sequence: string, position: number) => sequences.get(sequence)?.has(position) === true
    const add = (sequence: string, position: number) => {
      if (isAside(sequence, position)) return
      sequences.set(sequence, (sequences.get(sequence) ?? new Set()).add(position))
      size += 1
    }
    for (const { key, order } of yield* checkpoint.notes(Parked.kind)) add(key, order)
    yield* subscription.update(() => ({ parked: size }))

    const setAside: ParkedEvents["setAside"] = (one, to, changes = {}) =>
      Effect.gen(function* () {
        const { cause, event, position, sequence } = one
        // The checkpoint was moved back: why it is set aside is known.
        if (cause === undefined && isAside(sequence, position)) return yield* checkpoint.take(to, changes)
        const note = Parked.toNote({ ...one, since: yield* Clock.currentTimeMillis })
        yield* checkpoint.take(to, { ...changes, keep: [...(changes.keep ?? []), note] })
        add(sequence, position)
        if (cause === undefined) return yield* subscription.update(() => ({ parked: size }))
        // It is not tried again any more, and why it is set aside is to be seen until there is other news.
        yield* subscription.update(({ errors, status }) => ({
          status: status === "Retrying" ? "CatchingUp" : status,
          parked: size,
          error: `${event}: ${cause}`,
          errors: errors + 1
        }))
        yield* Effect.logWarning(
          `subscriber "${checkpoint.subscriber}" has set aside ${event} at position ${position}: ${cause}.` +
            ` What comes later for ${sequence} waits behind it. Mend the cause and retry it, or discard it.`
        )
      })

    const park: ParkedEvents["park"] = (stored, sequence, failure) =>
      setAside(
        {
          sequence,
          position: stored.position,
          event: Handler.describe(stored),
          attempts: failure?.attempts ?? 0,
          ...(failure && { cause: Handler.oneLine(failure.cause) })
        },
        stored.position
      )

    return {
      has: (sequence) => sequences.has(sequence),
      size: () => size,
      park,
      setAside,
      freed: ({ position, sequence }) =>
        Effect.suspend(() => {
          const waiting = sequences.get(sequence)
          if (waiting?.delete(position) === true) size -= 1
          if (waiting?.size === 0) sequences.delete(sequence)
          return subscription.update(() => ({ parked: size }))
        })
    }
  })

/** Reads a note of something that is set aside. */
export const read = (note: Note): Effect.Effect<Parked.Parked, StoreError.StoreError> =>
  Effect.mapError(Parked.fromNote(note), (details) => StoreError.make("Corrupt", details))
