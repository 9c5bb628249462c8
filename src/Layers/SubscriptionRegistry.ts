/** Who runs in this process, in what state, and who waits for whom. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
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
        const made = makeSubscription(name, kind, stop, changedOf(name))
        running.set(name, made.subscription)
        return Effect.succeed(made)
      }),
      ({ close }) => {
        running.delete(name)
        return close
      }
    ).pipe(Effect.map(({ subscription }) => subscription))

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

/** What somebody waits for: the answer of a state, if it has one. */
type Question = (state: State) => Effect.Effect<State, SubscriberHalted> | undefined

/** Somebody who waits for an answer. */
interface Waiter {
  readonly question: Question
  readonly resume: (answer: Effect.Effect<State, SubscriberHalted>) => void
}

const makeSubscription = (
  name: string,
  kind: Kind,
  stop: Effect.Effect<void>,
  changed: (before: State, after: State) => Effect.Effect<void>
): { readonly subscription: Subscription; readonly close: Effect.Effect<void> } => {
  let state: State = { name, kind, status: "CatchingUp", position: 0, time: 0, rate: 0, errors: 0, parked: 0 }
  let isClosed = false
  const waiters = new Set<Waiter>()

  const atLeast =
    (position: number): Question =>
    (now) =>
      now.position >= position ? Effect.succeed(now) : isOver(now) ? Effect.fail(haltedIn(now)) : undefined
  const such =
    (test: (state: State) => boolean): Question =>
    (now) =>
      test(now) ? Effect.succeed(now) : isClosed ? Effect.fail(haltedIn(now)) : undefined

  const update: Subscription["update"] = (change) =>
    Effect.suspend(() => {
      const before = state
      state = { ...state, ...change(state) }
      // In the same step: were this interrupted in between, they would wait for ever.
      for (const waiter of waiters) tell(waiter)
      return changed(before, state)
    })

  const tell = (waiter: Waiter) => {
    const answer = waiter.question(state)
    if (answer === undefined) return
    waiters.delete(waiter)
    waiter.resume(answer)
  }

  const wait = (question: Question) =>
    Effect.async<State, SubscriberHalted>((resume) => {
      const waiter = { question, resume }
      waiters.add(waiter)
      // There may have been an update since the last look at the state.
      tell(waiter)
      return Effect.sync(() => waiters.delete(waiter))
    })
  const ask = (question: Question) => Effect.suspend(() => question(state) ?? wait(question))

  return {
    subscription: {
      name,
      state: Effect.sync(() => state),
      reached: (position) => Effect.asVoid(ask(atLeast(position))),
      until: (test) => ask(such(test)),
      update,
      stop
    },
    close: Effect.suspend(() => {
      isClosed = true
      return update(() => ({ status: "Halted", error: "because it was closed" }))
    })
  }
}

const haltedIn = ({ error = "because it is paused", name, position }: State) =>
  new SubscriberHalted({ subscriber: name, position, details: error })
