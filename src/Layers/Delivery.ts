/**
 * Deals with events one at a time, for whoever answers them with commands or effects. One that fails is tried again;
 * then it is set aside, and so are the later ones of its stream, while other streams go on (as Axon's sequenced
 * dead letters do).
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type { Page, Recorded, Stored } from "../Domain/Event.ts"
import type { Tagged } from "../Domain/Message.ts"
import * as StoreError from "../Services/StoreError.ts"
import type { Subscription } from "../Services/Subscriptions.ts"
import * as Attempts from "./Attempts.ts"
import type { Checkpoint, Home } from "./Checkpoint.ts"
import type { EventHandler } from "./EventHandler.ts"
import * as Failure from "./Failure.ts"
import * as Policy from "./FailurePolicy.ts"
import type { Session } from "./Handler.ts"
import * as ParkedEvents from "./ParkedEvents.ts"
import * as Patience from "./Patience.ts"
import * as Redelivery from "./Redelivery.ts"

/** A session that tries again what operators have asked for among its chores. */
export type Delivery = Session & Required<Pick<Session, "chores">>

/** Begins at the checkpoint, with what is set aside. */
export const open = <E extends Tagged>(
  home: Home,
  handler: EventHandler<E>,
  checkpoint: Checkpoint,
  subscription: Subscription
): Effect.Effect<Delivery, Failure.Failure> =>
  Effect.flatMap(ParkedEvents.open(checkpoint, subscription, handler.policy), (parked) =>
    openWith(home, handler, checkpoint, parked, subscription)
  )

/** The same, for whoever sets aside more than events. */
export const openWith = <E extends Tagged>(
  home: Home,
  handler: EventHandler<E>,
  checkpoint: Checkpoint,
  parked: ParkedEvents.ParkedEvents,
  subscription: Subscription
): Effect.Effect<Delivery, Failure.Failure> =>
  Effect.gen(function* () {
    const attempts = yield* Attempts.open(checkpoint)
    const chores = yield* Redelivery.open(home, handler, checkpoint, parked)
    const deliver = deliveries(handler, checkpoint, parked, attempts, subscription)

    const handle = ({ events, to }: Page) =>
      Effect.gen(function* () {
        for (const stored of events) {
          // After trouble in the middle of a page it comes again.
          if (stored.position > checkpoint.position()) yield* deliver(stored)
        }
        if (checkpoint.position() < to) yield* checkpoint.take(to)
      })

    return { position: checkpoint.position(), handle, chores: () => chores }
  })

// internal

/** Deals with an event for as long as it takes: until it is done, or set aside. */
const deliveries = <E extends Tagged>(
  handler: EventHandler<E>,
  checkpoint: Checkpoint,
  parked: ParkedEvents.ParkedEvents,
  attempts: Attempts.Attempts,
  subscription: Subscription
) => {
  const { codec, handle, policy } = handler

  const giveUp = (stored: Stored, sequence: string, cause: unknown, attempts: number) => {
    const { position } = stored
    return parked.giveUp({ sequence, position, event: Failure.nameOf(stored), cause, attempts }, position)
  }

  const retryAfter = (stored: Stored, number: number, cause: unknown, delay: number) =>
    Effect.gen(function* () {
      yield* attempts.failed(stored.position, number)
      if (number === 1) yield* Effect.logWarning(triedAgain(checkpoint.subscriber, stored, cause))
      yield* subscription.update(({ errors }) => ({
        status: "Retrying",
        errors: errors + 1,
        error: `${Failure.nameOf(stored)}, attempt ${number}: ${Failure.oneLine(cause)}`
      }))
      yield* Effect.sleep(delay)
    })

  /** Tries an event once: whether it is dealt with, one way or the other; if not, it is time to try again. */
  const attempt = (stored: Stored, events: ReadonlyArray<Recorded<E>>, sequence: string) =>
    Effect.gen(function* () {
      const { position } = stored
      const number = attempts.of(position) + 1
      const exit = yield* Effect.exit(Effect.suspend(() => handle(events, checkpoint.step(position), number)))
      if (Exit.isSuccess(exit)) {
        if (exit.value) checkpoint.taken(position)
        if (number > 1) yield* Patience.recovered(subscription)
        return true
      }
      const cause = yield* Failure.own(exit.cause)
      const error = Cause.squash(cause)
      const delay = yield* Policy.delayAfter(policy, cause, number)
      if (Option.isSome(delay)) yield* retryAfter(stored, number, error, delay.value)
      else yield* giveUp(stored, sequence, error, number)
      return Option.isNone(delay)
    })

  return (stored: Stored): Effect.Effect<void, Failure.Failure> =>
    Effect.gen(function* () {
      const events = yield* Effect.mapError(codec.decode(stored), (error) => Failure.at(stored, error))
      const [first] = events
      if (first === undefined) return
      const sequence = sequenceOf(handler, first)
      if (Either.isLeft(sequence)) return yield* giveUp(stored, stored.stream, sequence.left, 1)
      if (parked.has(sequence.right)) return yield* parked.wait(stored, sequence.right)
      while (!(yield* attempt(stored, events, sequence.right)));
    })
}

const triedAgain = (subscriber: string, stored: Stored, cause: unknown): string =>
  `subscriber "${subscriber}" tries ${Failure.nameOf(stored)} at position ${stored.position} again, and everything` +
  ` behind it waits: ${Failure.oneLine(cause)}`

/** What an event waits in. Without one that can be noted, it is set aside with others of its stream. */
const sequenceOf = <E extends Tagged>(
  { sequence = ({ stream }) => stream }: EventHandler<E>,
  recorded: Recorded<E>
): Either.Either<string, unknown> =>
  Either.flatMap(Either.try({ try: () => sequence(recorded), catch: (error) => error }), (found) =>
    found.isWellFormed()
      ? Either.right(found)
      : Either.left(StoreError.make("Invalid", "its key has half a character"))
  )
