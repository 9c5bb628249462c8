/** What is running, how far it has got, and waiting for it. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as GlobalValue from "effect/GlobalValue"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { StoreError } from "./StoreError.ts"

/** What a subscriber is doing. */
export const Status = Schema.Literal(
  /** It is behind the end of the log and reads on. */
  "CatchingUp",
  /** It has dealt with everything, and waits for more. */
  "Live",
  /** What it makes is built from the beginning; readers do not see it yet. */
  "Rebuilding",
  /** Something fails that may pass by itself; it tries again. */
  "Retrying",
  /** It has stopped at an event, or was stopped, and stays there until somebody acts. */
  "Halted",
  /** An operator lets it rest. */
  "Paused",
  /** Another program runs it. */
  "Elsewhere"
)
export type Status = typeof Status.Type

/** What sort of subscriber it is. */
export const Kind = Schema.Literal("Projection", "Reaction", "Subscriber", "Process")
export type Kind = typeof Kind.Type

/** A subscriber as an operator sees it. */
export const State = Schema.Struct({
  name: Schema.String,
  kind: Kind,
  status: Status,
  /** The last position that it has dealt with. */
  position: Schema.Int,
  /** `recordedAt` of the event at that position, in milliseconds since 1970; 0 before the first. */
  time: Schema.Number,
  /** The id of the last event that it has dealt with since it was started. */
  event: Schema.optional(Schema.String),
  /** Positions a second, while it was last behind. */
  rate: Schema.Number,
  /** Of a projection: the generation of rows that readers see. */
  generation: Schema.optional(Schema.Int),
  /** The generation that is going to take its place: how far it has got, or why it cannot be built. */
  building: Schema.optional(
    Schema.Struct({
      generation: Schema.Int,
      position: Schema.Int,
      error: Schema.optional(Schema.String)
    })
  ),
  /** How often something has failed since it was started. */
  errors: Schema.Int,
  /** Why it is retrying, has halted, or could not be rebuilt. */
  error: Schema.optional(Schema.String),
  /** How many events are set aside. */
  parked: Schema.Int
})
export type State = typeof State.Type

/** A state, measured by where the log ends. */
export interface Progress extends State {
  /** How many events it is behind the end of the log. */
  readonly lag: number
  /** How old the last event is that it has dealt with, in seconds, while there are later ones; unknown before the first. */
  readonly behind: number | undefined
  /** How long it needs to get to the end, in seconds, at the rate that it had; unknown when it has none. */
  readonly eta: number | undefined
}

/** Where the log ends, and what time it is there. */
export interface Head {
  readonly position: number
  /** In milliseconds since 1970. */
  readonly now: number
}

/** Measures a state. */
export const progress = (state: State, { now, position }: Head): Progress => {
  const lag = Math.max(0, position - state.position)
  const since = state.position === 0 ? undefined : Math.max(0, now - state.time) / 1000
  const behind = lag === 0 ? 0 : since
  return { ...state, lag, behind, eta: lag === 0 ? 0 : state.rate > 0 ? lag / state.rate : undefined }
}

/** A subscriber has stopped, or rests; it stays there until somebody acts. */
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
  readonly name: string
  readonly state: Effect.Effect<State>
  /** Returns when the subscriber has dealt with everything up to `position`; fails at once when it halts. */
  readonly reached: (position: number) => Effect.Effect<void, SubscriberHalted>
  /** Returns the state as soon as it is such; fails at once when the subscriber ends here before it is. */
  readonly until: (test: (state: State) => boolean) => Effect.Effect<State, SubscriberHalted>
  readonly update: (change: (state: State) => Partial<Omit<State, "name" | "kind">>) => Effect.Effect<void>
  /** Ends it here, for good: what it has in hand is left to whoever takes its lease next. */
  readonly stop: Effect.Effect<void>
}

/** The port of what is running. */
export class Subscriptions extends Context.Tag("everfold/Subscriptions")<
  Subscriptions,
  {
    /** Makes a subscriber known until its scope closes, which `stop` does. */
    readonly register: (
      name: string,
      kind: Kind,
      stop: Effect.Effect<void>
    ) => Effect.Effect<Subscription, DuplicateSubscriber, Scope.Scope>
    /** Every subscriber, in the order in which they were started. */
    readonly all: Effect.Effect<ReadonlyArray<Subscription>>
    /**
     * The state of a subscriber whenever its status, its error, or what is set aside has changed; a slow reader loses
     * the oldest.
     */
    readonly changes: Stream.Stream<State>
    /** Returns when every subscriber is at the head of the log, what they caused included. */
    readonly settled: Effect.Effect<void, SubscriberHalted | StoreError>
    /** Has a subscriber that runs here look at once at what operators have asked for. */
    readonly look: (name: string) => Effect.Effect<void, StoreError>
    /** Where the log ends now. */
    readonly head: Effect.Effect<Head, StoreError>
  }
>() {}

/** Proof, in the types, that the subscriber of this name runs here. */
export interface Running<out Name extends string> {
  readonly _: "everfold/Running"
  readonly name: Name
}

/** The tag by which a running subscriber is found; made once for a name, because it remembers where it was made. */
export const running = <Name extends string>({
  name
}: {
  readonly name: Name
}): Context.Tag<Running<Name>, Subscription> => {
  const key = `everfold/Running/${name}`
  return GlobalValue.globalValue(key, () => Context.GenericTag<Running<Name>, Subscription>(key))
}

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
  ({ all }) => Effect.flatMap(all, (subscriptions) => Effect.forEach(subscriptions, ({ state }) => state))
)

/** Every subscriber, what it is doing, and how far it is behind the log. */
export const overview: Effect.Effect<ReadonlyArray<Progress>, StoreError, Subscriptions> = Effect.flatMap(
  Subscriptions,
  ({ head }) => Effect.zipWith(head, status, (end, states) => states.map((state) => progress(state, end)))
)

/** The state of a subscriber whenever its status, its error, or what is set aside has changed: the hook for alerts. */
export const changes: Stream.Stream<State, never, Subscriptions> = Stream.unwrap(
  Effect.map(Subscriptions, (subscriptions) => subscriptions.changes)
)
