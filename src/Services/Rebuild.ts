/** Rows of projections built again, by whoever runs them. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Note from "../Domain/Note.ts"
import type * as Projection from "../Domain/Projection.ts"
import * as EventStore from "./EventStore.ts"
import type { Leases } from "./Leases.ts"
import { Notes } from "./Notes.ts"
import { ProjectionStore } from "./ProjectionStore.ts"
import type * as StoreError from "./StoreError.ts"
import type { State, Subscriptions } from "./Subscriptions.ts"
import type { Named } from "./Wish.ts"
import { ask, hasLooked, step } from "./Wish.ts"

/** Whatever may be rebuilt; the compiler says why something else may not. */
export interface Rebuildable extends Projection.Any {
  readonly setup?: "a table projection is not rebuilt: raise its version"
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

// internal

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
