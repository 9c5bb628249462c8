/** Runs a table projection: each page of events is one transaction with the position. */
import { SqlError } from "@effect/sql/SqlError"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Page, Stored } from "../../Domain/Event.ts"
import type * as Message from "../../Domain/Message.ts"
import * as EventStore from "../../Services/EventStore.ts"
import { ReadModel } from "../../Services/ReadModel.ts"
import * as Subscriptions from "../../Services/Subscriptions.ts"
import * as Failure from "../Failure.ts"
import * as Handler from "../Handler.ts"
import * as Origin from "../Origin.ts"
import * as Patience from "../Patience.ts"
import * as Projector from "../Projector.ts"
import * as Subscription from "../Subscription.ts"
import { ReadDb } from "./ReadDb.ts"
import type { TableProjection } from "./TableProjection.ts"
import { TableStore } from "./TableStore.ts"

/** Keeps the tables of a projection up to date, from its checkpoint on, as long as the program runs. */
export const layer = <Name extends string, Events extends Message.List>(
  projection: TableProjection<Name, Events>
): Layer.Layer<
  Subscriptions.Running<Name>,
  Subscriptions.DuplicateSubscriber,
  Subscription.Requirements | ReadModel | TableStore | ReadDb
> =>
  Layer.scoped(
    Subscriptions.running(projection),
    Effect.gen(function* () {
      const log = yield* EventStore.EventStore
      const store = yield* TableStore
      const sql = yield* ReadDb

      const meant = (error: unknown) => (error instanceof SqlError ? store.storeError(error) : error)
      const setup = projection.setup.pipe(
        Effect.provideService(ReadDb, sql),
        Effect.mapError(meant),
        Effect.catchAll((error) => (Patience.isTransient(error) ? Effect.fail(error) : Effect.die(error)))
      )
      const onEvent = (stored: Stored) =>
        Effect.flatMap(projection.codec.decode(stored), Effect.forEach(projection.handle)).pipe(
          Effect.provideService(ReadDb, sql),
          Effect.catchAllCause((cause) => Failure.failAt(stored, Cause.map(cause, meant)))
        )
      const disown = Effect.zipRight(Origin.disowned(projection), store.disown(projection))
      const open = (epoch: number) =>
        Effect.gen(function* () {
          const identity = EventStore.nameOf(yield* log.identity)
          const claim = { projection, log: identity, epoch, head: yield* log.head }
          const builds = Effect.map(store.claim(claim, setup), (current) => ({ current, next: undefined }))
          const { generation, position } = (yield* Origin.claimed(builds, log, disown)).current
          const handle = ({ after, events, time, to }: Page) =>
            store.write(
              { projection, generation, epoch, from: after, to, time },
              Effect.forEach(events, onEvent, { discard: true })
            )
          return { position, generation, handle: Handler.narrowing(handle) }
        })

      return yield* Subscription.run({
        name: projection.name,
        kind: "Projection",
        interest: projection.codec.interest,
        open,
        disown,
        position: Projector.positionOf(yield* ReadModel, projection),
        remedy:
          "Its tables stay as they were. Mend its handlers and start again; if rows are wrong, raise its version."
      })
    })
  )
