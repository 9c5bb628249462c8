/** A subscriber that answers events with effects: an audit line, a mail, a call. At least once, in order. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Category, Containing } from "../Domain/Category.ts"
import type { Recorded, Undecoded } from "../Domain/Event.ts"
import * as Event from "../Domain/Event.ts"
import * as EventCodec from "../Domain/EventCodec.ts"
import type * as Message from "../Domain/Message.ts"
import type { Tagged, TagOf, TypeOf } from "../Domain/Message.ts"
import * as Name from "../Domain/Name.ts"
import * as EventStore from "../Services/EventStore.ts"
import * as Metadata from "../Services/Metadata.ts"
import type { Notes } from "../Services/Notes.ts"
import * as Subscriptions from "../Services/Subscriptions.ts"
import * as Checkpoint from "./Checkpoint.ts"
import * as Delivery from "./Delivery.ts"
import type { EventHandler } from "./EventHandler.ts"
import * as FailurePolicy from "./FailurePolicy.ts"
import * as Patience from "./Patience.ts"
import * as Subscription from "./Subscription.ts"

/** One of the times that an event is handled. */
export interface Attempt {
  /**
   * Names the effect: the id of the event and the name of the subscriber. It is the same each time and in each program,
   * so that whoever receives the effect can drop the second one.
   */
  readonly key: string
  /** 1 at first; counted across restarts. */
  readonly attempt: number
}

/** A subscriber and what its handlers need. */
export interface Subscriber<Name extends string, E extends Tagged, R> {
  readonly name: Name
  readonly codec: EventCodec.Reading<E>
  readonly handle: (recorded: Recorded<E>, attempt: Attempt) => Effect.Effect<unknown, unknown, R>
}

/** One handler per event: it gets the event, what the log knows about it, and the key of its effect. */
export type Handlers<Events extends Message.List> = {
  readonly [Tag in TagOf<Events>]: (
    event: Message.ByTag<TypeOf<Events>, Tag>,
    recorded: Recorded<Message.ByTag<TypeOf<Events>, Tag>>,
    attempt: Attempt
  ) => Effect.Effect<unknown, unknown, unknown>
}

/** A subscriber that waits for its handlers. */
export interface Declared<Name extends string, Events extends Message.List> {
  readonly on: <H extends Handlers<Events>>(
    handlers: H & Message.NoExtra<H, TagOf<Events>, "event">
  ) => Subscriber<Name, TypeOf<Events>, RequirementsOf<H[keyof H]>>
}

/**
 * Declares a subscriber.
 *
 * @example
 * const Alert = Subscriber.make("alert", { events: [StockUpdated] }).on({
 *   StockUpdated: (event) => (event.stock < 10 ? Console.log(`low: ${event.productId}`) : Effect.void)
 * })
 *
 * @example
 * const Mail = Subscriber.make("mail", { events: [OrderShipped] }).on({
 *   OrderShipped: (event, _, { key }) => Mailer.send({ to: event.customer, idempotencyKey: key })
 * })
 */
export const make = <
  const Name extends string,
  const Events extends Message.List,
  const Categories extends ReadonlyArray<Category> = ReadonlyArray<Category>
>(
  /** Permanent: the checkpoint is found by it. */
  name: Name,
  data: {
    readonly events: Events
    /** Read as a whole: an event of theirs that no release knew halts the subscriber instead of passing it by. */
    readonly categories?: Categories & Containing<Categories, Events>
  }
): Declared<Name, Events> => {
  Name.check("a subscriber", name)
  const codec = EventCodec.make(data.events, data.categories)
  return {
    on: <H extends Handlers<Events>>(handlers: H) => ({
      name,
      codec,
      handle: Event.attemptedBy<Attempt, Effect.Effect<unknown, unknown, RequirementsOf<H[keyof H]>>>(
        handlers
      )
    })
  }
}

/**
 * Declares a subscriber to everything, as it is stored: to those types and revisions too that no release has known yet.
 *
 * @example
 * const Archive = Subscriber.everything("archive").on(({ event, id, revision }) =>
 *   Files.append("archive.jsonl", JSON.stringify({ id, type: event._tag, revision, payload: event.payload }))
 * )
 */
export const everything = <const Name extends string>(
  /** Permanent: the checkpoint is found by it. */
  name: Name
) => {
  Name.check("a subscriber", name)
  return {
    on: <R>(
      handle: (recorded: Recorded<Undecoded>, attempt: Attempt) => Effect.Effect<unknown, unknown, R>
    ): Subscriber<Name, Undecoded, R> => ({ name, codec: EventCodec.undecoded, handle })
  }
}

/** Runs a subscriber from its checkpoint on, which moves after each event that it has handled. */
export const layer = <Name extends string, E extends Tagged, R>(
  subscriber: Subscriber<Name, E, R>,
  policy: Partial<FailurePolicy.FailurePolicy> = {}
): Layer.Layer<
  Subscriptions.Running<Name>,
  Subscriptions.DuplicateSubscriber,
  Subscription.Requirements | Notes | R
> =>
  Layer.scoped(
    Subscriptions.running(subscriber),
    Effect.gen(function* () {
      const home = yield* Checkpoint.home
      const context = yield* Effect.context<R>()
      const { codec, handle, name } = subscriber
      const limits = { ...FailurePolicy.standard, ...policy }

      const handleOne = (recorded: Recorded<E>, attempt: number) =>
        Effect.provide(handle(recorded, { key: keyOf(recorded, name), attempt }), context).pipe(
          Metadata.with({ ...recorded.metadata, causationId: recorded.id })
        )
      const handler = (subscription: Subscriptions.Subscription): EventHandler<E> => {
        const persistently = Patience.persistently(subscription)
        return {
          name,
          codec,
          policy: limits,
          handle: (events, step, attempt) =>
            Effect.forEach(events, (recorded) => handleOne(recorded, attempt), { discard: true }).pipe(
              FailurePolicy.within(limits.timeout),
              // The effect has happened: only the checkpoint is tried again.
              Effect.zipRight(persistently(EventStore.advance(home.log, step))),
              Effect.as(true)
            )
        }
      }
      return yield* Subscription.run({
        name,
        kind: "Subscriber",
        interest: codec.interest,
        open: (epoch, subscription) =>
          Effect.flatMap(Checkpoint.claimWithEffects(home, name, epoch), (checkpoint) =>
            Delivery.open(home, handler(subscription), checkpoint, subscription)
          ),
        position: home.log.checkpoint(name),
        remedy: "Mend its handler and start again: it goes on with this event."
      })
    })
  )

// internal

const keyOf = ({ id }: Recorded, subscriber: string): string => `${id}/${subscriber}`

type RequirementsOf<F> = F extends (...args: never) => infer Result ? Requirements<Result> : never

/** Of a handler that only throws: none. */
type Requirements<Result> = Result extends Effect.Effect<unknown, unknown, infer R> ? R : never
