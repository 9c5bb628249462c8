/** What an operator can do with subscribers, whichever program runs them. It is written down, so that it holds. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Commit from "../Domain/Commit.ts"
import * as Note from "../Domain/Note.ts"
import type * as Projection from "../Domain/Projection.ts"
import * as EventStore from "./EventStore.ts"
import { Leases } from "./Leases.ts"
import { Notes } from "./Notes.ts"
import { ProjectionStore } from "./ProjectionStore.ts"
import * as StoreError from "./StoreError.ts"
import type { State } from "./Subscriptions.ts"
import { Subscriptions } from "./Subscriptions.ts"

/** Whatever has the name of a subscriber. */
export interface Named {
  readonly name: string
}

/** Whatever may be moved; the compiler says why something else may not. */
export interface Movable extends Named {
  readonly shape?: "a projection is not moved, it is rebuilt"
  readonly step?: "a process is not moved: its state would be folded twice"
}

/** A projection could not be built again; the rows that are served stay. */
export class RebuildFailed extends Schema.TaggedError<RebuildFailed>()("RebuildFailed", {
  projection: Schema.String,
  details: Schema.String
}) {
  override get message() {
    return `"${this.projection}" could not be rebuilt: ${this.details}`
  }
}

/** Lets a subscriber rest until somebody resumes it, restarts included. */
export const pause = (
  subscriber: Named
): Effect.Effect<void, StoreError.StoreError, Leases | Subscriptions> =>
  ask(subscriber, true, ({ status }) => status === "Paused")

/** Lets a subscriber go on that rests or has halted, also with a log that was restored since it has acted on it. */
export const resume = (
  subscriber: Named
): Effect.Effect<void, StoreError.StoreError, EventStore.EventStore | Leases | Notes | Subscriptions> =>
  Effect.gen(function* () {
    const notes = yield* Notes
    const known = yield* notes.find({ subscriber: subscriber.name, kind: Note.ofLogKind })
    const log = yield* Effect.flatMap(EventStore.EventStore, ({ identity }) => identity)
    if (known.length > 0) {
      const keep = [Note.ofLog(EventStore.nameOf(log))]
      yield* step(subscriber, (from) => Effect.succeed({ from, to: from, keep }))
    }
    yield* ask(subscriber, false, ({ status }) => status !== "Paused")
  })

/**
 * Ends a subscriber in this program, as if it had never been started here: another program takes it over at once. It
 * starts again with the program. Nothing happens when it does not run here.
 */
export const stop = ({ name }: Named): Effect.Effect<void, never, Subscriptions> =>
  Effect.gen(function* () {
    for (const subscription of yield* Effect.flatMap(Subscriptions, ({ all }) => all)) {
      if ((yield* subscription.state).name === name) yield* subscription.stop
    }
  })

/**
 * Builds the rows of a projection again, beside those that readers see, and then lets them see the new ones. Returns
 * when they do, with the position that the rows are at, or at once when another program runs the projection. After a
 * crash it goes on; no reaction fires.
 */
export const rebuild = (
  projection: Projection.Any
): Effect.Effect<
  number,
  RebuildFailed | StoreError.StoreError,
  EventStore.EventStore | Leases | ProjectionStore | Subscriptions
> =>
  Effect.gen(function* () {
    const log = yield* EventStore.EventStore
    const store = yield* ProjectionStore
    const name = EventStore.nameOf(yield* log.identity)
    const { generation } = yield* store.begin(projection, name, yield* log.head)
    let error: string | undefined
    let reached = 0
    yield* ask(projection, undefined, (state) => {
      const { building, position, status } = state
      // Before there are rows that readers see, the loop itself builds them.
      const first = state.generation === generation && status === "Halted" ? state.error : undefined
      error = building?.generation === generation ? building.error : first
      reached = position
      return error !== undefined || ((state.generation ?? 0) >= generation && status !== "Rebuilding")
    })
    if (error !== undefined) return yield* new RebuildFailed({ projection: projection.name, details: error })
    return reached
  }).pipe(Effect.withSpan("SubscriptionControl.rebuild", { attributes: { projection: projection.name } }))

/**
 * Builds the rows of one stream again, while the projection goes on. Returns when that is done, or at once when another
 * program runs the projection.
 */
export const rebuildStream = (
  projection: Projection.PerStream,
  stream: string
): Effect.Effect<void, StoreError.StoreError, EventStore.EventStore | Leases | Subscriptions> =>
  Effect.zipRight(
    step(projection, (from) => Effect.succeed({ from, to: from, keep: [Note.ofStream(stream)] })),
    look(projection)
  )

/** Removes the rows of former generations; returns how many generations there were. */
export const prune = (
  projection: Projection.Any
): Effect.Effect<number, StoreError.StoreError, ProjectionStore> =>
  Effect.flatMap(ProjectionStore, (store) => store.prune(projection))

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
    const from = yield* step(subscriber, (from) => Effect.succeed({ from, to: position }))
    // Whoever waits for it now waits for what happens again.
    for (const running of yield* Effect.flatMap(Subscriptions, ({ all }) => all)) {
      const { name } = yield* running.state
      if (name === subscriber.name) yield* running.update(() => ({ position }))
    }
    yield* ask(subscriber, undefined, () => true)
    return from
  })

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

/** Has a subscriber look at what has been written down for it; returns when it has, if it runs here. */
export const look = (subscriber: Named): Effect.Effect<void, StoreError.StoreError, Leases | Subscriptions> =>
  ask(subscriber, undefined, ({ status }) => status !== "CatchingUp" && status !== "Rebuilding")

// internal

/** Writes a wish down, has the subscriber look at it, and waits for what comes of it if it runs here. */
function ask({ name }: Named, paused: boolean | undefined, done: (state: State) => boolean) {
  return Effect.gen(function* () {
    const { all, look } = yield* Subscriptions
    const leases = yield* Leases
    yield* leases.ask(name, paused)
    yield* look(name)
    for (const subscription of yield* all) {
      const state = yield* subscription.state
      if (state.name === name) yield* subscription.until((now) => now.status === "Elsewhere" || done(now))
    }
  })
}
