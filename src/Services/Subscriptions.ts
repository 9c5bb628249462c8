/** What is running, how far it has got, and waiting for it. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { StoreError } from "./StoreError.ts"

/** What a subscriber is doing. */
export type Status = "CatchingUp" | "Live" | "Retrying" | "Halted"

/** A subscriber as an operator sees it. */
export interface State {
  readonly name: string
  readonly status: Status
  /** The last position that it has dealt with. */
  readonly position: number
  /** Why it is retrying or has halted. */
  readonly error: string | undefined
}

/** A subscriber has stopped at an event; it stays there until somebody acts. */
export class SubscriberHalted extends Schema.TaggedError<SubscriberHalted>()("SubscriberHalted", {
  subscriber: Schema.String,
  position: Schema.Int,
  details: Schema.String
}) {
  override get message() {
    return `"${this.subscriber}" has halted ${this.details}`
  }
}

/** Two subscribers have the same name, which must be theirs alone: their checkpoint is found by it. */
export class DuplicateSubscriber extends Schema.TaggedError<DuplicateSubscriber>()("DuplicateSubscriber", {
  subscriber: Schema.String
}) {
  override get message() {
    return `two subscribers are called "${this.subscriber}"`
  }
}

/** One running subscriber: its state, and those who wait for it. */
export interface Subscription {
  readonly state: Effect.Effect<State>
  /** Returns when the subscriber has dealt with everything up to `position`; fails at once when it halts. */
  readonly reached: (position: number) => Effect.Effect<void, SubscriberHalted>
  readonly update: (change: Partial<Omit<State, "name">>) => Effect.Effect<void>
}

/** The port of what is running. */
export class Subscriptions extends Context.Tag("everfold/Subscriptions")<
  Subscriptions,
  {
    /** Makes a subscriber known until its scope closes. */
    readonly register: (name: string) => Effect.Effect<Subscription, DuplicateSubscriber, Scope.Scope>
    /** Every subscriber, in the order in which they were started. */
    readonly status: Effect.Effect<ReadonlyArray<State>>
    /** Returns when every subscriber is at the head of the log, what they caused included. */
    readonly settled: Effect.Effect<void, SubscriberHalted | StoreError>
  }
>() {}

/** Proof, in the types, that the subscriber of this name runs here. */
export interface Running<out Name extends string> {
  readonly _: "everfold/Running"
  readonly name: Name
}

/** The tag by which a running subscriber is found. */
export const running = <Name extends string>(subscriber: {
  readonly name: Name
}): Context.Tag<Running<Name>, Subscription> =>
  Context.GenericTag<Running<Name>, Subscription>(`everfold/Running/${subscriber.name}`)

/**
 * Waits until a subscriber has dealt with everything up to a receipt. Asking for one that the program does not
 * run does not compile.
 */
export const reached = <Name extends string>(
  subscriber: { readonly name: Name },
  at: { readonly position: number }
): Effect.Effect<void, SubscriberHalted, Running<Name>> =>
  Effect.flatMap(running(subscriber), (subscription) => subscription.reached(at.position))

/** Waits until every subscriber is at the head of the log, cascades included: for demos and tests. */
export const settled: Effect.Effect<void, SubscriberHalted | StoreError, Subscriptions> = Effect.flatMap(
  Subscriptions,
  (subscriptions) => subscriptions.settled
)

/** Every subscriber and what it is doing. */
export const status: Effect.Effect<ReadonlyArray<State>, never, Subscriptions> = Effect.flatMap(
  Subscriptions,
  (subscriptions) => subscriptions.status
)
