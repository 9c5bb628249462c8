/** A subscriber that answers events with effects: an audit line, a mail, a call. At least once, in order. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Advance } from "../Domain/Commit.ts"
import type { Recorded, Stored } from "../Domain/Event.ts"
import * as Event from "../Domain/Event.ts"
import * as EventCodec from "../Domain/EventCodec.ts"
import type * as Message from "../Domain/Message.ts"
import type { TagOf, TypeOf } from "../Domain/Message.ts"
import { EventStore } from "../Services/EventStore.ts"
import type { MessageBus } from "../Services/MessageBus.ts"
import * as Metadata from "../Services/Metadata.ts"
import * as Subscriptions from "../Services/Subscriptions.ts"
import * as Handler from "./Handler.ts"
import * as Subscription from "./Subscription.ts"

/** A subscriber and what its handlers need. */
export interface Subscriber<Name extends string, Events extends Message.List, R> {
  readonly name: Name
  readonly codec: EventCodec.EventCodec<TypeOf<Events>>
  readonly handle: (recorded: Recorded<TypeOf<Events>>) => Effect.Effect<unknown, unknown, R>
}

/** One handler per event. */
export type Handlers<Events extends Message.List> = Event.Handlers<
  Events,
  Effect.Effect<unknown, unknown, unknown>
>

/** A subscriber that waits for its handlers. */
export interface Declared<Name extends string, Events extends Message.List> {
  readonly on: <H extends Handlers<Events>>(
    handlers: H & Message.NoExtra<H, TagOf<Events>, "event">
  ) => Subscriber<Name, Events, RequirementsOf<H[keyof H]>>
}

/**
 * Declares a subscriber.
 *
 * @example
 * const Alert = Subscriber.make("alert", { events: [StockUpdated] }).on({
 *   StockUpdated: (event) => (event.stock < 10 ? Console.log(`low: ${event.productId}`) : Effect.void)
 * })
 */
export const make = <const Name extends string, const Events extends Message.List>(
  /** Permanent: the checkpoint is found by it. */
  name: Name,
  data: { readonly events: Events }
): Declared<Name, Events> => {
  const codec = EventCodec.make(data.events)
  return {
    on: <H extends Handlers<Events>>(handlers: H) => ({
      name,
      codec,
      handle: Event.handledBy<Effect.Effect<unknown, unknown, RequirementsOf<H[keyof H]>>>(handlers)
    })
  }
}

/** Runs a subscriber from its checkpoint on, which moves after each event that it has handled. */
export const layer = <Name extends string, Events extends Message.List, R>(
  subscriber: Subscriber<Name, Events, R>
): Layer.Layer<
  Subscriptions.Running<Name>,
  Subscriptions.DuplicateSubscriber,
  EventStore | MessageBus | Subscriptions.Subscriptions | R
> =>
  Layer.scoped(
    Subscriptions.running(subscriber),
    Effect.gen(function* () {
      const log = yield* EventStore
      const context = yield* Effect.context<R>()
      const { codec, handle, name } = subscriber

      const onEvent = (stored: Stored, advance: Advance) =>
        Effect.gen(function* () {
          const recorded = yield* codec.decode(stored)
          yield* Effect.provide(handle(recorded), context).pipe(
            Metadata.with({ ...recorded.metadata, causationId: stored.id })
          )
          // The effect has happened: only the checkpoint is tried again.
          yield* Handler.persisting(Handler.advance(log, advance))
          return true
        })

      return yield* Subscription.run({
        name,
        types: codec.types,
        checkpoint: log.checkpoint(name),
        handle: Handler.eachEvent(name, log, onEvent),
        remedy: "Mend its handler and start again: it goes on with this event."
      })
    })
  )

// internal

type RequirementsOf<F> = F extends (...args: never) => Effect.Effect<unknown, unknown, infer R> ? R : never
