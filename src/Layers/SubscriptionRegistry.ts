/** Who runs in this process, in what state, and who waits for whom. */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import * as Layer from "effect/Layer"
import * as PubSub from "effect/PubSub"
import * as Stream from "effect/Stream"
import { EventStore } from "../Services/EventStore.ts"
import type { Kind, State, Subscription } from "../Services/Subscriptions.ts"
import { DuplicateSubscriber, SubscriberHalted, Subscriptions } from "../Services/Subscriptions.ts"
import { Ownership } from "./Ownership.ts"
import * as SubscriptionMetrics from "./SubscriptionMetrics.ts"

export const make = Effect.gen(function* () {
  const store = yield* EventStore
  const ownership = yield* Ownership
  const running = new Map<string, Subscription>()
  const changes = yield* Effect.acquireRelease(PubSub.sliding<State>(256), PubSub.shutdown)

  const changedOf = (name: string) => {
    const record = SubscriptionMetrics.of(name)
    return (before: State, after: State) =>
      isNews(before, after)
        ? Effect.zipRight(record(after), Effect.asVoid(PubSub.publish(changes, after)))
        : record(after)
  }

  const register = (name: string, kind: Kind, stop: Effect.Effect<void>) =>
    Effect.acquireRelease(
      Effect.suspend(() => {
        if (running.has(name)) return Effect.fail(new DuplicateSubscriber({ subscriber: name }))
        const subscription = makeSubscription(name, kind, stop, changedOf(name))
        running.set(name, subscription)
        return Effect.succeed(subscription)
      }),
      (subscription) => {
        running.delete(name)
        return subscription.update(() => ({ status: "Halted", error: "because it was closed" }))
      }
    )

  const allReached = (position: number) =>
    Effect.forEach(
      running.values(),
      // Where nothing is left to read there may be something that is due.
      ({ reached, until }) => Effect.zipRight(reached(position), until(hasCaughtUp)),
      { concurrency: "unbounded", discard: true }
    )

  const settled = Effect.gen(function* () {
    let head = -1
    while (true) {
      const now = yield* store.head
      if (now === head) return
      head = now
      yield* Effect.suspend(() => allReached(head))
    }
  })

  return Subscriptions.of({
    register,
    settled,
    all: Effect.sync(() => [...running.values()]),
    changes: Stream.fromPubSub(changes),
    look: ownership.look,
    head: Effect.zipWith(store.head, Clock.currentTimeMillis, (position, now) => ({ position, now }))
  })
})

/** Knows the subscribers that are built on it. */
export const layer: Layer.Layer<Subscriptions, never, EventStore | Ownership> = Layer.scoped(
  Subscriptions,
  make
)

// internal

const isNews = (before: State, after: State): boolean =>
  before.status !== after.status || before.error !== after.error || before.parked !== after.parked

const hasCaughtUp = ({ status }: State): boolean => status !== "CatchingUp" && status !== "Rebuilding"

/** Whether nobody goes on until somebody acts. */
const isOver = ({ error, status }: State): boolean =>
  status === "Halted" || status === "Paused" || (status === "Elsewhere" && error !== undefined)

/** Somebody who waits for an outcome. */
interface Waiter {
  readonly outcome: () => Effect.Effect<void, SubscriberHalted> | undefined
  readonly done: Deferred.Deferred<void, SubscriberHalted>
}

const makeSubscription = (
  name: string,
  kind: Kind,
  stop: Effect.Effect<void>,
  changed: (before: State, after: State) => Effect.Effect<void>
): Subscription => {
  let state: State = { name, kind, status: "CatchingUp", position: 0, time: 0, rate: 0, errors: 0, parked: 0 }
  let waiters: ReadonlyArray<Waiter> = []

  const atLeast = (position: number) => (): Effect.Effect<void, SubscriberHalted> | undefined => {
    if (state.position >= position) return Effect.void
    if (!isOver(state)) return undefined
    const { error = "because it is paused", position: at } = state
    return Effect.fail(new SubscriberHalted({ subscriber: name, position: at, details: error }))
  }

  const update: Subscription["update"] = (change) =>
    Effect.suspend(() => {
      const before = state
      state = { ...state, ...change(state) }
      // In the same step: were this interrupted in between, they would wait for ever.
      if (waiters.length > 0) tell()
      return changed(before, state)
    })

  const tell = () => {
    const served = waiters.flatMap(({ done, outcome }) => {
      const result = outcome()
      return result === undefined ? [] : [{ done, result }]
    })
    waiters = waiters.filter(({ outcome }) => outcome() === undefined)
    for (const { done, result } of served) Deferred.unsafeDone(done, result)
  }

  // Called in the same step as the look at the state: an update in between would be missed.
  const wait = (outcome: Waiter["outcome"]) => {
    const done = Deferred.unsafeMake<void, SubscriberHalted>(FiberId.none)
    const waiter = { outcome, done }
    waiters = [...waiters, waiter]
    return Effect.onInterrupt(Deferred.await(done), () =>
      Effect.sync(() => {
        waiters = waiters.filter((one) => one !== waiter)
      })
    )
  }
  const awaiting = (outcome: Waiter["outcome"]) => Effect.suspend(() => outcome() ?? wait(outcome))

  return {
    state: Effect.sync(() => state),
    reached: (position) => awaiting(atLeast(position)),
    until: (test) => Effect.orDie(awaiting(() => (test(state) ? Effect.void : undefined))),
    update,
    stop
  }
}
