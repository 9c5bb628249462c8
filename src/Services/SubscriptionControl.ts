/** What an operator can do with subscribers, whichever program runs them. It is written down, so that it holds. */
import * as Effect from "effect/Effect"
import * as Note from "../Domain/Note.ts"
import * as EventStore from "./EventStore.ts"
import type { Declared, Found, KnownSubscriber } from "./KnownSubscriber.ts"
import type { LeaseHeld } from "./Leases.ts"
import { Leases } from "./Leases.ts"
import { Notes } from "./Notes.ts"
import * as StoreError from "./StoreError.ts"
import type { Subscriptions } from "./Subscriptions.ts"
import type { Named } from "./Wish.ts"
import * as Wish from "./Wish.ts"

export type { Declared, Found, KnownSubscriber } from "./KnownSubscriber.ts"
export { find, UnknownSubscriber } from "./KnownSubscriber.ts"
export type { Rebuildable } from "./Rebuild.ts"
export { prune, rebuild, RebuildFailed, rebuildStream } from "./Rebuild.ts"
export type { Named } from "./Wish.ts"

/** Whatever may be moved. */
export type Movable = DeclaredMovable | Found

/** A reaction, or a subscriber with effects; the compiler says why something else may not be moved. */
export interface DeclaredMovable extends Declared {
  readonly shape?: "a projection is not moved, it is rebuilt"
  readonly step?: "a process is not moved: its state would be folded twice"
}

/** Lets a subscriber rest until somebody resumes it, restarts included. */
export const pause = (
  subscriber: KnownSubscriber
): Effect.Effect<void, StoreError.StoreError, Leases | Subscriptions> =>
  Wish.unlessEnded(Wish.ask(subscriber, true, ({ status }) => status === "Paused"))

/** Lets a subscriber go on that rests or has halted, also with a log that was restored since it has acted on it. */
export const resume = (
  subscriber: KnownSubscriber
): Effect.Effect<void, StoreError.StoreError, EventStore.EventStore | Leases | Notes | Subscriptions> =>
  Effect.gen(function* () {
    const notes = yield* Notes
    const known = yield* notes.find({ subscriber: subscriber.name, kind: Note.ofLogKind })
    const log = yield* Effect.flatMap(EventStore.EventStore, ({ identity }) => identity)
    if (known.length > 0) {
      const keep = [Note.ofLog(EventStore.nameOf(log))]
      yield* Wish.step(subscriber, (from) => Effect.succeed({ from, to: from, keep }))
    }
    yield* Wish.unlessEnded(Wish.ask(subscriber, false, ({ status }) => status !== "Paused"))
  })

/**
 * Ends a subscriber in this program, as if it had never been started here: another program takes it over at once. It
 * starts again with the program. Nothing happens when it does not run here.
 */
export const stop = (subscriber: Named): Effect.Effect<void, never, Subscriptions> =>
  Effect.flatMap(Wish.here(subscriber), (running) => running?.stop ?? Effect.void)

/**
 * Moves a reaction or a subscriber with effects to another position; not a projection, which is rebuilt, and not a
 * process, whose state would be folded twice. Moved back, it deals with events that it has dealt with already: their
 * effects happen again, and of their commands only those that had led to nothing. Moved on, it passes over events.
 * Returns the position where it was.
 */
export const moveTo = (
  subscriber: Movable,
  position: number
): Effect.Effect<number, StoreError.StoreError, EventStore.EventStore | Leases | Subscriptions> =>
  Effect.gen(function* () {
    const log = yield* EventStore.EventStore
    const head = yield* log.head
    if (!Number.isInteger(position) || position < 0 || position > head) {
      return yield* StoreError.make("Invalid", `${position} is no position of the log, which ends at ${head}`)
    }
    const from = yield* Wish.step(subscriber, (from) => Effect.succeed({ from, to: position }))
    // Whoever waits for it now waits for what happens again.
    const running = yield* Wish.here(subscriber)
    if (running !== undefined) yield* running.update(() => ({ position }))
    yield* Wish.unlessEnded(Wish.ask(subscriber, undefined, () => true))
    return from
  })

/** Has a subscriber look at what has been written down for it; returns when it has, if it runs here. */
export const look: (
  subscriber: KnownSubscriber
) => Effect.Effect<void, StoreError.StoreError, Leases | Subscriptions> = Wish.look

/**
 * Takes a subscriber that no program runs any more off the list of those that there are (`find`, the status). Refused
 * while a program has its lease. What it has kept stays: its checkpoint, its state, its timers, what it has set aside, and
 * that it is paused. So when it runs again, it goes on where it was, and is on the list again.
 */
export const forget = (
  subscriber: KnownSubscriber
): Effect.Effect<void, LeaseHeld | StoreError.StoreError, Leases> =>
  Effect.flatMap(Leases, (leases) => leases.forget(subscriber.name))
