import { describe, expect, it } from "@effect/vitest"
import {
  CommandHandler,
  Projector,
  Reactor,
  ReadModel,
  Subscriber,
  SubscriptionRegistry,
  Subscriptions
} from "everfold"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import {
  Account,
  Balances,
  deposit,
  Journal,
  Letter,
  Letters,
  Noted,
  Notes,
  rowOf,
  withdraw
} from "../Bank.ts"
import { deposits, log, recorder, stacks, stateOf } from "./Stacks.ts"

/** The slowest comes first, and the cause of what it waits for comes last. */
const cascade = Layer.mergeAll(
  Projector.layer(Balances),
  Reactor.layer(Notes, [Journal]),
  Reactor.layer(Letters, [Letter])
)

describe.each(stacks)("waiting on $name", ({ layer }) => {
  it.effect("settled: everybody is at the head, what they caused included", () =>
    Effect.gen(function* () {
      yield* CommandHandler.handle(Account, deposit("alice", 100))
      yield* CommandHandler.handle(Account, withdraw("alice", 1))
      yield* CommandHandler.handle(Account, withdraw("alice", 2))
      yield* Subscriptions.settled
      const types = (yield* log).map(({ type }) => type).sort()
      expect(types).toEqual([
        "Deposited",
        ...Array<string>(4).fill("Noted"),
        ...Array<string>(2).fill("Sent"),
        ...Array<string>(2).fill("Withdrawn")
      ])
      expect(yield* Subscriptions.status).toMatchObject(
        ["balances", "notes", "letters"].map((name) => ({ name, status: "Live", position: 9, errors: 0 }))
      )
    }).pipe(Effect.provide(cascade), Effect.provide(layer))
  )

  it.effect("settled waits for what a subscriber's effects have caused", () => {
    const noted: Array<string> = []
    const chain = Layer.mergeAll(
      Subscriber.layer(
        Subscriber.make("reader", { events: [Noted] }).on({
          Noted: ({ text }) => Effect.sync(() => noted.push(text))
        })
      ),
      cascade
    )
    return Effect.gen(function* () {
      yield* CommandHandler.handle(Account, deposit("alice", 100))
      yield* CommandHandler.handle(Account, withdraw("alice", 1))
      yield* Subscriptions.settled
      expect(noted).toEqual(["alice.2 stamped", "alice.2 sent"])
    }).pipe(Effect.provide(chain), Effect.provide(layer))
  })

  it.effect("settled on an empty log, and without subscribers, returns", () =>
    Effect.gen(function* () {
      yield* Subscriptions.settled
      yield* deposits(1)
      yield* Subscriptions.settled
      expect(yield* Subscriptions.status).toEqual([])
    }).pipe(Effect.provide(layer))
  )

  it.effect("reached waits for one, however far behind another is", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const slow = Subscriber.make("slow", { events: Account.events }).on({
        Deposited: () => Deferred.await(gate),
        Withdrawn: () => Effect.void
      })
      const fast = recorder()
      yield* Effect.gen(function* () {
        const receipt = yield* CommandHandler.handle(Account, deposit("alice", 1))
        const waiting = yield* Effect.fork(Subscriptions.reached(slow, receipt))
        yield* Subscriptions.reached(fast.subscriber, receipt)
        const { asOf, row } = yield* ReadModel.get(Balances, "alice", { atLeast: receipt })
        expect(rowOf({ row })).toMatchObject({ balance: 1 })
        expect(asOf).toEqual({ position: 1, time: 0 })
        expect(yield* stateOf("slow")).toMatchObject({ position: 0 })
        expect(yield* Fiber.poll(waiting)).toMatchObject({ _tag: "None" })
        yield* Deferred.succeed(gate, undefined)
        expect(yield* Fiber.await(waiting)).toEqual(Exit.void)
      }).pipe(Effect.provide(Layer.mergeAll(Subscriber.layer(slow), fast.layer, Projector.layer(Balances))))
    }).pipe(Effect.provide(layer))
  )

  it.effect("who stops waiting is forgotten", () =>
    Effect.gen(function* () {
      const { layer: running, subscriber } = recorder()
      yield* Effect.gen(function* () {
        const waiting = yield* Effect.fork(Subscriptions.reached(subscriber, { position: 5 }))
        yield* Effect.yieldNow()
        yield* Fiber.interrupt(waiting)
        yield* deposits(1, 2, 3, 4, 5)
        yield* Subscriptions.reached(subscriber, { position: 5 })
      }).pipe(Effect.provide(running))
    }).pipe(Effect.provide(layer))
  )

  it.effect("a subscriber is known as long as it runs", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      yield* Layer.buildWithScope(recorder().layer, scope)
      expect(yield* stateOf("recorder")).toMatchObject({ name: "recorder" })
      yield* Scope.close(scope, Exit.void)
      expect(yield* Subscriptions.status).toEqual([])
      yield* deposits(1)
      yield* Subscriptions.settled
    }).pipe(Effect.provide(layer))
  )
})

describe("whoever waits is told", () => {
  it.scoped("wherever the fiber is interleaved with the update", () =>
    Effect.gen(function* () {
      const registry = yield* SubscriptionRegistry.make
      // A fiber gives way after 2,048 steps: somewhere among these it does so within `reached`.
      for (let steps = 600; steps < 2100; steps += 1) {
        const waiting = yield* Effect.scoped(
          Effect.gen(function* () {
            const subscription = yield* registry.register("one", "Subscriber", Effect.void)
            const busy = Effect.forEach(Array.from({ length: steps }), () => Effect.void, { discard: true })
            const waiting = yield* Effect.fork(Effect.zipRight(busy, subscription.reached(1)))
            yield* Effect.yieldNow()
            yield* subscription.update(() => ({ position: 1 }))
            return yield* Fiber.await(waiting)
          })
        )
        expect(Exit.isSuccess(waiting), `${steps} steps`).toBe(true)
      }
    }).pipe(Effect.provide(stacks[0]?.layer ?? Layer.die("no stack")))
  )

  it.scoped("is told as soon as what it waits for has halted", () =>
    Effect.gen(function* () {
      const registry = yield* SubscriptionRegistry.make
      const subscription = yield* registry.register("one", "Subscriber", Effect.void)
      const waiting = yield* Effect.fork(Effect.flip(subscription.reached(1)))
      yield* Effect.yieldNow()
      yield* subscription.update(() => ({ status: "Halted", error: "at position 1" }))
      yield* Effect.yieldNow()
      const told = yield* Option.getOrElse(yield* Fiber.poll(waiting), () => Exit.die("nobody has told it"))
      expect(told).toMatchObject({ _tag: "SubscriberHalted", subscriber: "one", details: "at position 1" })
    }).pipe(Effect.provide(stacks[0]?.layer ?? Layer.die("no stack")))
  )

  it.scoped("also when whoever tells it is interrupted", () =>
    Effect.gen(function* () {
      const registry = yield* SubscriptionRegistry.make
      let told = 0
      // A fiber gives way after 2,048 steps: somewhere among these it does so within `update`.
      for (let steps = 1900; steps < 2100; steps += 1) {
        yield* Effect.scoped(
          Effect.gen(function* () {
            const subscription = yield* registry.register("one", "Subscriber", Effect.void)
            const waiting = yield* Effect.fork(subscription.reached(1))
            yield* Effect.yieldNow()
            const busy = Effect.forEach(Array.from({ length: steps }), () => Effect.void, { discard: true })
            const update = subscription.update(() => ({ status: "Live", position: 1 }))
            const telling = yield* Effect.fork(Effect.zipRight(busy, update))
            yield* Effect.yieldNow()
            yield* Fiber.interrupt(telling)
            if ((yield* subscription.state).position === 0) return
            told += 1
            yield* Effect.yieldNow()
            expect(Option.isSome(yield* Fiber.poll(waiting)), `${steps} steps`).toBe(true)
          })
        )
      }
      expect(told).toBeGreaterThan(0)
    }).pipe(Effect.provide(stacks[0]?.layer ?? Layer.die("no stack")))
  )

  it.scoped("also when what it waits for is closed", () =>
    Effect.gen(function* () {
      const registry = yield* SubscriptionRegistry.make
      const scope = yield* Scope.make()
      const subscription = yield* Scope.extend(registry.register("one", "Subscriber", Effect.void), scope)
      const reached = subscription.reached(1)
      const live = subscription.until(({ status }) => status === "Live")
      const halted = subscription.until(({ status }) => status === "Halted")
      const waiting = yield* Effect.forEach([reached, live, halted], (one) => Effect.fork(Effect.either(one)))
      yield* Effect.yieldNow()
      yield* Scope.close(scope, Exit.void)
      yield* Effect.yieldNow()
      const told = yield* Effect.forEach(waiting, Fiber.poll)
      expect(told.map(Option.isSome)).toEqual([true, true, true])
      for (const one of [reached, live]) {
        expect((yield* Effect.flip(one)).message).toBe('"one" has halted because it was closed')
      }
      expect(yield* halted).toMatchObject({ status: "Halted", error: "because it was closed" })
    }).pipe(Effect.provide(stacks[0]?.layer ?? Layer.die("no stack")))
  )
})
