/** What is wanted of a subscriber, whichever program runs it. It is written down, so that it holds. */
import * as Effect from "effect/Effect"
import type * as Commit from "../Domain/Commit.ts"
import * as EventStore from "./EventStore.ts"
import { Leases } from "./Leases.ts"
import type * as StoreError from "./StoreError.ts"
import type { State } from "./Subscriptions.ts"
import { SubscriberHalted, Subscriptions } from "./Subscriptions.ts"

/** Whatever has the name of a subscriber. */
export interface Named {
  readonly name: string
}

/**
 * Writes a wish down, has the subscriber look at it, and waits for what comes of it if it runs here. Returns its state
 * then.
 */
export const ask = (subscriber: Named, paused: boolean | undefined, done: (state: State) => boolean) =>
  Effect.gen(function* () {
    const { look } = yield* Subscriptions
    const leases = yield* Leases
    yield* leases.ask(subscriber.name, paused)
    yield* look(subscriber.name)
    const running = yield* here(subscriber)
    return running && (yield* running.until((now) => now.status === "Elsewhere" || done(now)))
  })

/** The wish is written down: who runs the subscriber next does what one that has ended here did not. */
export const unlessEnded = <A, E, R>(
  asked: Effect.Effect<A, E | SubscriberHalted, R>
): Effect.Effect<void, Exclude<E, SubscriberHalted>, R> =>
  Effect.catchIf(
    Effect.asVoid(asked),
    (error) => error instanceof SubscriberHalted,
    () => Effect.void
  )

/** Whether it has seen what it was asked for. */
export const hasLooked = ({ status }: State): boolean => status !== "CatchingUp" && status !== "Rebuilding"

/** Has a subscriber look at what has been written down for it; returns when it has, if it runs here. */
export const look = (subscriber: Named): Effect.Effect<void, StoreError.StoreError, Leases | Subscriptions> =>
  unlessEnded(ask(subscriber, undefined, hasLooked))

/**
 * Takes a step for a subscriber, in its name and whoever runs it. Returns where it was. When somebody else was faster,
 * the step is made again: what it was to drop may be gone.
 */
export const step = <R = never>(
  { name }: Named,
  make: (
    from: number
  ) => Effect.Effect<Omit<Commit.Advance, "subscriber" | "epoch">, StoreError.StoreError, R>
): Effect.Effect<number, StoreError.StoreError, EventStore.EventStore | R> =>
  Effect.gen(function* () {
    const log = yield* EventStore.EventStore
    const from = yield* log.checkpoint(name)
    yield* EventStore.advance(log, { subscriber: name, ...(yield* make(from)) })
    return from
  }).pipe(
    // It moves on while this is asked.
    Effect.retry({ while: (error) => error._tag === "CheckpointMoved" }),
    Effect.catchTag("CheckpointMoved", Effect.die)
  )

/** The subscriber as it runs in this program, if it does. */
export const here = ({ name }: Named) =>
  Effect.flatMap(Subscriptions, ({ all }) =>
    Effect.map(all, (running) => running.find((one) => one.name === name))
  )
