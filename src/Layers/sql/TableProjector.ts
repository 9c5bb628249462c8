/** Runs a table projection: each page of events is one transaction with the position. */
import { SqlError } from "@effect/sql/SqlError"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Page, Stored } from "../../Domain/Event.ts"
import type * as Message from "../../Domain/Message.ts"
import type { EventStore } from "../../Services/EventStore.ts"
import type { MessageBus } from "../../Services/MessageBus.ts"
import * as Subscriptions from "../../Services/Subscriptions.ts"
import * as Handler from "../Handler.ts"
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
  EventStore | MessageBus | Subscriptions.Subscriptions | TableStore | ReadDb
> =>
  Layer.scoped(
    Subscriptions.running(projection),
    Effect.gen(function* () {
      const store = yield* TableStore
      const sql = yield* ReadDb
      let generation = 0

      const meant = (error: unknown) => (error instanceof SqlError ? store.storeError(error) : error)
      const setup = projection.setup.pipe(
        Effect.provideService(ReadDb, sql),
        Effect.mapError(meant),
        Effect.catchAll((error) => (Handler.isTransient(error) ? Effect.fail(error) : Effect.die(error)))
      )
      const onEvent = (stored: Stored) =>
        Effect.flatMap(projection.codec.decode(stored), projection.handle).pipe(
          Effect.provideService(ReadDb, sql),
          Effect.catchAllCause((cause) => Handler.failAt(stored, Cause.map(cause, meant)))
        )
      const handle = (page: Page) =>
        store.write(
          { projection, generation, from: page.after, to: page.to, time: page.time },
          Effect.forEach(page.events, onEvent, { discard: true })
        )

      return yield* Subscription.run({
        name: projection.name,
        types: projection.codec.types,
        checkpoint: Effect.map(store.serving(projection, setup), (serving) => {
          generation = serving.generation
          return serving.position
        }),
        handle: Handler.narrowing(handle),
        remedy:
          "Its tables stay as they were. Mend its handlers and start again; if rows are wrong, raise its version."
      })
    })
  )
