/** Who runs in this process, in what state, and who waits for whom. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import * as Layer from "effect/Layer"
import { EventStore } from "../Services/EventStore.ts"
import type { State, Subscription } from "../Services/Subscriptions.ts"
import { DuplicateSubscriber, SubscriberHalted, Subscriptions } from "../Services/Subscriptions.ts"

export const make = Effect.gen(function* () {
  const store = yield* EventStore
  const running = new Map<string, Subscription>()

  const register = (name: string) =>
    Effect.acquireRelease(
      Effect.suspend(() => {
        if (running.has(name)) return Effect.fail(new DuplicateSubscriber({ subscriber: name }))
        const subscription = makeSubscription(name)
        running.set(name, subscription)
        return Effect.succeed(subscription)
      }),
      (subscription) => {
        running.delete(name)
        return subscription.update({ status: "Halted", error: "because it was closed" })
      }
    )

  const allReached = (position: number) =>
    Effect.forEach(running.values(), (subscription) => subscription.reached(position), {
      concurrency: "unbounded",
      discard: true
    })

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
    status: Effect.suspend(() => Effect.forEach(running.values(), ({ state }) => state))
  })
})

/** Knows the subscribers that are built on it. */
export const layer: Layer.Layer<Subscriptions, never, EventStore> = Layer.effect(Subscriptions, make)

// internal

interface Waiter {
  readonly position: number
  readonly done: Deferred.Deferred<void, SubscriberHalted>
}

const makeSubscription = (name: string): Subscription => {
  let state: State = { name, status: "CatchingUp", position: 0, error: undefined }
  let waiters: ReadonlyArray<Waiter> = []

  const outcome = (position: number): Effect.Effect<void, SubscriberHalted> | undefined => {
    if (state.position >= position) return Effect.void
    if (state.status !== "Halted") return undefined
    const { error = "", position: at } = state
    return Effect.fail(new SubscriberHalted({ subscriber: name, position: at, details: error }))
  }

  const update: Subscription["update"] = (change) =>
    Effect.suspend(() => {
      state = { ...state, ...change }
      const served = waiters.flatMap(({ done, position }) => {
        const result = outcome(position)
        return result === undefined ? [] : [{ done, result }]
      })
      waiters = waiters.filter(({ position }) => outcome(position) === undefined)
      return Effect.forEach(served, ({ done, result }) => Deferred.complete(done, result), { discard: true })
    })

  // Called in the same step as the look at the state: an update in between would be missed.
  const wait = (position: number) => {
    const done = Deferred.unsafeMake<void, SubscriberHalted>(FiberId.none)
    const waiter = { position, done }
    waiters = [...waiters, waiter]
    return Effect.onInterrupt(Deferred.await(done), () =>
      Effect.sync(() => {
        waiters = waiters.filter((one) => one !== waiter)
      })
    )
  }

  return {
    state: Effect.sync(() => state),
    reached: (position) => Effect.suspend(() => outcome(position) ?? wait(position)),
    update
  }
}
