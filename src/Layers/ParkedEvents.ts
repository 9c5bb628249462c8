/** The events that a subscriber has set aside: kept in order, tried again when an operator asks. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Stored } from "../Domain/Event.ts"
import type { Note } from "../Domain/Note.ts"
import * as Parked from "../Domain/Parked.ts"
import * as StoreError from "../Services/StoreError.ts"
import type { Subscription } from "../Services/Subscriptions.ts"
import type { Changes, Checkpoint } from "./Checkpoint.ts"
import * as Failure from "./Failure.ts"
import type { FailurePolicy } from "./FailurePolicy.ts"

/** The events that are set aside. */
export interface ParkedEvents {
  /** Whether an event of this sequence has to wait behind another one. */
  readonly has: (sequence: string) => boolean
  /** Sets an event aside that has to wait behind another one, and moves the checkpoint past it. */
  readonly wait: (stored: Stored, sequence: string) => Effect.Effect<void, Failure.Failure>
  /**
   * Sets something aside that cannot be dealt with, with a step of the checkpoint to a position; fails, where the policy
   * is to halt.
   */
  readonly giveUp: (one: GivenUp, to: number, changes?: Changes) => Effect.Effect<void, Failure.Failure>
  /** It is no longer set aside. */
  readonly freed: (one: Pick<Parked.Parked, "sequence" | "position">) => Effect.Effect<void>
}

/** What cannot be dealt with, and why. */
export type GivenUp = Omit<Parked.Parked, "since" | "cause"> & { readonly cause: unknown }

/** Reads what is set aside. */
export const open = (
  checkpoint: Checkpoint,
  subscription: Subscription,
  policy: Pick<FailurePolicy, "finally" | "most">
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

    const setAside = (one: Omit<Parked.Parked, "since">, to: number, changes: Changes = {}) =>
      Effect.gen(function* () {
        const { cause, event, position, sequence } = one
        if (size >= policy.most) {
          const full = `${policy.most} events are set aside already${cause === undefined ? "" : `: ${cause}`}`
          return yield* halted(one, new Error(full))
        }
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

    return {
      has: (sequence) => sequences.has(sequence),
      wait: (stored, sequence) => {
        const { position } = stored
        return setAside({ sequence, position, event: Failure.nameOf(stored), attempts: 0 }, position)
      },
      giveUp: (one, to, changes) =>
        policy.finally === "Halt"
          ? Effect.fail(halted(one, one.cause))
          : setAside({ ...one, cause: Failure.oneLine(one.cause) }, to, changes),
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

// internal

const halted = ({ event, position }: Pick<Parked.Parked, "event" | "position">, cause: unknown) =>
  new Failure.HandlerFailed({ position, event, cause })
