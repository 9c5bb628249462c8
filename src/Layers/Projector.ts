/** Runs a projection: claims its generations, keeps the rows that readers see up to date, and builds others beside them. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Message from "../Domain/Message.ts"
import type * as Projection from "../Domain/Projection.ts"
import * as EventStore from "../Services/EventStore.ts"
import * as Limits from "../Services/Limits.ts"
import type { Notes } from "../Services/Notes.ts"
import type { Generation } from "../Services/ProjectionStore.ts"
import { ProjectionStore } from "../Services/ProjectionStore.ts"
import { ReadModel } from "../Services/ReadModel.ts"
import * as Subscriptions from "../Services/Subscriptions.ts"
import * as Checkpoint from "./Checkpoint.ts"
import type { Failure } from "./Failure.ts"
import * as Folding from "./Folding.ts"
import type { Session } from "./Handler.ts"
import * as Origin from "./Origin.ts"
import * as StreamRebuild from "./StreamRebuild.ts"
import * as Subscription from "./Subscription.ts"

/** Keeps the rows of a projection up to date, from its checkpoint on, as long as the program runs. */
export const layer = <Name extends string, Row, E extends Message.Tagged>(
  projection: Projection.Projection<Name, Row, E>
): Layer.Layer<
  Subscriptions.Running<Name>,
  Subscriptions.DuplicateSubscriber,
  Subscription.Requirements | Notes | ProjectionStore | ReadModel
> =>
  Layer.scoped(
    Subscriptions.running(projection),
    Effect.gen(function* () {
      const home = yield* Checkpoint.home
      const store = yield* ProjectionStore
      const model = yield* ReadModel
      const { pageEvents } = yield* Limits.Current
      const place = { home, store, projection }
      return yield* Subscription.run({
        name: projection.name,
        kind: "Projection",
        interest: projection.codec.interest,
        open: (epoch, subscription) => open({ ...place, epoch, subscription, pageEvents }),
        disown: disown(place),
        position: positionOf(model, projection),
        remedy:
          "Its rows stay as they were. Mend its handlers and start again; if rows are wrong, rebuild it."
      })
    })
  )

/** Where the rows are that readers see; 0 while there are none. */
export const positionOf = (model: Context.Tag.Service<typeof ReadModel>, projection: Projection.Any) =>
  model.get(projection, "").pipe(
    Effect.map(({ asOf }) => asOf.position),
    Effect.catchTag("Rebuilding", () => Effect.succeed(0))
  )

// internal

interface Place<P extends Projection.Any = Projection.Any> {
  readonly home: Checkpoint.Home
  readonly store: Context.Tag.Service<typeof ProjectionStore>
  readonly projection: P
}

interface Work<Name extends string, Row, E extends Message.Tagged> extends Place<
  Projection.Projection<Name, Row, E>
> {
  readonly epoch: number
  readonly subscription: Subscriptions.Subscription
  readonly pageEvents: number
}

const open = <Name extends string, Row, E extends Message.Tagged>(
  work: Work<Name, Row, E>
): Effect.Effect<Session, Failure> =>
  Effect.gen(function* () {
    const { epoch, home, projection, store, subscription } = work
    const { current, next } = yield* builds(work)
    const { generation } = current
    const folding = Folding.open(store, projection, { epoch, generation })
    const rebuildStreams = yield* StreamRebuild.open(home, folding, projection, subscription)
    let { position, time } = current
    let hidden = false
    const show = ({ position, serving, time }: Generation) => {
      if (serving && !hidden) return Effect.void
      hidden = !serving
      const now = hidden ? hiding : { ...showing, generation, position, time }
      return subscription.update(() => now)
    }
    yield* show(current)
    if (next) yield* tell(subscription, next)
    return {
      position,
      ...(current.serving && { generation }),
      handle: (page) =>
        Effect.flatMap(folding.project(page), (reached) => {
          position = reached.position
          time = reached.time
          return show(reached)
        }),
      chores: () => Effect.as(rebuildStreams({ from: position, to: position, time }), undefined),
      ...(next && { beside: build(work, next) })
    }
  })

const hiding = { status: "Rebuilding", error: undefined } as const

const showing = { status: "CatchingUp", error: undefined } as const

/** The generations to work on; rows that were not built from this log are built again. */
const builds = <Name extends string, Row, E extends Message.Tagged>(work: Work<Name, Row, E>) =>
  Effect.gen(function* () {
    const { epoch, home, projection, store } = work
    const { log } = home
    const name = EventStore.nameOf(yield* log.identity)
    const claim = store.claim({ projection, log: name, epoch, head: yield* log.head })
    return yield* Origin.claimed(claim, log, disown(work))
  })

/** Gives the rows up: nothing that is there counts. */
const disown = ({ home, projection, store }: Place) =>
  Effect.gen(function* () {
    yield* Origin.disowned(projection)
    yield* store.begin(projection, EventStore.nameOf(yield* home.log.identity), -1)
  })

/** Says how far the generation is that is going to take the place of the one that readers see. */
const tell = (subscription: Subscriptions.Subscription, { generation, position }: Generation) =>
  subscription.update(() => ({ building: { generation, position } }))

/** Folds the log into a generation that readers do not see yet, until they do. */
const build = <Name extends string, Row, E extends Message.Tagged>(
  work: Work<Name, Row, E>,
  begun: Generation
): Effect.Effect<void, Failure> =>
  Effect.gen(function* () {
    const { epoch, home, pageEvents, projection, store, subscription } = work
    const { generation } = begun
    const folding = Folding.open(store, projection, { epoch, generation })
    let reached = begun
    while (!reached.serving) {
      const after = reached.position
      const page = yield* home.log.readAll({ after, limit: pageEvents, ...projection.codec.interest })
      // At the head of the log an empty page is enough to be shown.
      reached = yield* folding.project(page)
      yield* tell(subscription, reached)
    }
  })
