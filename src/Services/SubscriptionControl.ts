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
import { SubscriberHalted, Subscriptions } from "./Subscriptions.ts"

/** Whatever has the name of a subscriber. */
export interface Named {
  readonly name: string
}

/** Whatever may be rebuilt; the compiler says why something else may not. */
export interface Rebuildable extends Projection.Any {
  readonly setup?: "a table projection is not rebuilt: raise its version"
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
  unlessEnded(ask(subscriber, true, ({ status }) => status === "Paused"))

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
    yield* unlessEnded(ask(subscriber, false, ({ status }) => status !== "Paused"))
  })

/**
 * Ends a subscriber in this program, as if it had never been started here: another program takes it over at once. It
 * starts again with the program. Nothing happens when it does not run here.
 */
export const stop = (subscriber: Named): Effect.Effect<void, never, Subscriptions> =>
  Effect.flatMap(here(subscriber), (running) => running?.stop ?? Effect.void)

/**
 * Builds the rows of a projection again, beside those that readers see, and then lets them see the new ones. Returns
 * when they do, with the position that the rows are at, or at once when another program runs the projection. Fails when
 * they cannot be built, or the projection rests or ends before that. After a crash it goes on; no reaction fires.
 */
export const rebuild = (
  projection: Rebuildable
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
    const state = yield* ask(
      projection,
      undefined,
      (state) => sees(state, generation) || obstacle(state, generation) !== undefined
    )
    const details = state && obstacle(state, generation)
    return details === undefined ? (state?.position ?? 0) : yield* failed(projection, details)
  }).pipe(
    Effect.catchTag("SubscriberHalted", ({ details }) => failed(projection, details)),
    Effect.withSpan("SubscriptionControl.rebuild", { attributes: { projection: projection.name } })
  )

/**
 * Builds the rows of one stream again, while the projection goes on. Returns when that is done, or at once when another
 * program runs the projection. What fails is tried again whenever the projection is started, until it succeeds.
 */
export const rebuildStream = (
  projection: Projection.PerStream,
  stream: string
): Effect.Effect<
  void,
  RebuildFailed | StoreError.StoreError,
  EventStore.EventStore | Leases | Notes | Subscriptions
> =>
  Effect.gen(function* () {
    const request = Note.ofStream(stream)
    yield* step(projection, (from) => Effect.succeed({ from, to: from, keep: [request] }))
    const state = yield* ask(
      projection,
      undefined,
      (state) => hasLooked(state) && state.status !== "Retrying"
    )
    if (state === undefined || state.status === "Elsewhere") return
    const notes = yield* Notes
    const [left] = yield* notes.find({ subscriber: projection.name, kind: request.kind, key: stream })
    if (left === undefined) return
    const { error = resting } = state
    yield* failed(projection, left.value === "" ? error : left.value)
  }).pipe(Effect.catchTag("SubscriberHalted", ({ details }) => failed(projection, details)))

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
    const running = yield* here(subscriber)
    if (running !== undefined) yield* running.update(() => ({ position }))
    yield* unlessEnded(ask(subscriber, undefined, () => true))
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
  unlessEnded(ask(subscriber, undefined, hasLooked))

// internal

/** The subscriber as it runs in this program, if it does. */
const here = ({ name }: Named) =>
  Effect.flatMap(Subscriptions, ({ all }) =>
    Effect.map(all, (running) => running.find((one) => one.name === name))
  )

/**
 * Writes a wish down, has the subscriber look at it, and waits for what comes of it if it runs here. Returns its state
 * then.
 */
const ask = (subscriber: Named, paused: boolean | undefined, done: (state: State) => boolean) =>
  Effect.gen(function* () {
    const { look } = yield* Subscriptions
    const leases = yield* Leases
    yield* leases.ask(subscriber.name, paused)
    yield* look(subscriber.name)
    const running = yield* here(subscriber)
    return running && (yield* running.until((now) => now.status === "Elsewhere" || done(now)))
  })

/** The wish is written down: who runs the subscriber next does what one that has ended here did not. */
const unlessEnded = <A, E, R>(
  asked: Effect.Effect<A, E | SubscriberHalted, R>
): Effect.Effect<void, Exclude<E, SubscriberHalted>, R> =>
  Effect.catchIf(
    Effect.asVoid(asked),
    (error) => error instanceof SubscriberHalted,
    () => Effect.void
  )

const hasLooked = ({ status }: State): boolean => status !== "CatchingUp" && status !== "Rebuilding"

/** Whether readers see a generation, or a later one. */
const sees = ({ generation = 0 }: State, wanted: number): boolean => generation >= wanted

/** Why nobody is going to let readers see it, if so. Where they see no rows yet, the loop itself builds them. */
const obstacle = (state: State, wanted: number): string | undefined => {
  const { building, error, status } = state
  if (status === "Elsewhere" || sees(state, wanted)) return undefined
  if (status === "Paused") return resting
  if (building !== undefined && building.generation >= wanted) return building.error
  return status === "Halted" ? error : undefined
}

const resting = "it is paused, and goes on when it is resumed"

const failed = ({ name }: Named, details: string) =>
  Effect.fail(new RebuildFailed({ projection: name, details }))
