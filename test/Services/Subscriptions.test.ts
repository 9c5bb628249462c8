import { describe, expect, it } from "@effect/vitest"
import { Projector, Subscriber, SubscriptionControl, Subscriptions } from "everfold"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { Balances, Deposited } from "../Bank.ts"
import { deposits, errors, recorder, settle, stacks } from "../Layers/Stacks.ts"

const state: Subscriptions.State = {
  name: "one",
  kind: "Subscriber",
  status: "CatchingUp",
  position: 4,
  time: 5_000,
  rate: 3,
  errors: 0,
  parked: 0
}

describe("progress", () => {
  it.each([
    { what: "behind the log", head: { position: 10, now: 12_000 }, lag: 6, behind: 7, eta: 2 },
    { what: "at its end", head: { position: 4, now: 12_000 }, lag: 0, behind: 0, eta: 0 },
    { what: "ahead of what is known", head: { position: 3, now: 12_000 }, lag: 0, behind: 0, eta: 0 },
    { what: "with a clock that is slow", head: { position: 5, now: 4_000 }, lag: 1, behind: 0, eta: 1 / 3 }
  ])("of a subscriber $what", ({ head, what: _, ...measured }) => {
    expect(Subscriptions.progress(state, head)).toEqual({ ...state, ...measured })
  })

  it("of one without a rate ends nobody knows when", () => {
    const { eta, lag } = Subscriptions.progress({ ...state, rate: 0 }, { position: 10, now: 12_000 })
    expect([lag, eta]).toEqual([6, undefined])
  })
})

describe.each(stacks)("the overview on $name", ({ layer }) => {
  it.effect("says of everybody how far it is behind the log, and how old that is", () => {
    const { layer: running, subscriber } = recorder()
    return Effect.gen(function* () {
      yield* deposits(1)
      yield* TestClock.adjust("2 seconds")
      yield* deposits(2)
      yield* Subscriptions.settled
      yield* SubscriptionControl.pause(subscriber)
      yield* TestClock.adjust("3 seconds")
      yield* deposits(3, 4)
      yield* Subscriptions.reached(Balances, { position: 4 })
      yield* TestClock.adjust("4 seconds")
      expect(yield* Subscriptions.overview).toMatchObject([
        { name: "balances", status: "Live", position: 4, time: 5_000, lag: 0, behind: 0, eta: 0 },
        // What it has dealt with last was recorded at 2, and it is 9 now.
        { name: "recorder", status: "Paused", position: 2, time: 2_000, lag: 2, behind: 7, eta: undefined }
      ])
    }).pipe(Effect.provide(Layer.mergeAll(Projector.layer(Balances), running)), Effect.provide(layer))
  })

  it.effect("knows the time of what was there when the subscriber was started", () =>
    Effect.gen(function* () {
      yield* TestClock.adjust("2 seconds")
      yield* deposits(1, 2)
      yield* Effect.provide(Subscriptions.settled, Projector.layer(Balances))
      yield* TestClock.adjust("3 seconds")
      yield* deposits(3)
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        expect(yield* Subscriptions.status).toMatchObject([{ position: 3, time: 5_000 }])
      }).pipe(Effect.provide(Projector.layer(Balances)))
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        expect(yield* Subscriptions.status).toMatchObject([{ position: 3, time: 5_000 }])
      }).pipe(Effect.provide(Projector.layer(Balances)))
    }).pipe(Effect.provide(layer))
  )

  it.effect("is not alarmed by a restart: what was done is no older than it was", () => {
    const slow = Subscriber.make("recorder", { events: [Deposited] }).on({ Deposited: () => Effect.never })
    return Effect.gen(function* () {
      yield* TestClock.adjust("10 seconds")
      yield* deposits(1)
      yield* Effect.provide(Subscriptions.settled, recorder().layer)
      yield* deposits(2)
      yield* TestClock.adjust("3 seconds")
      yield* Effect.gen(function* () {
        yield* settle
        expect(yield* Subscriptions.overview).toMatchObject([{ position: 1, lag: 1, behind: 3 }])
      }).pipe(Effect.provide(Subscriber.layer(slow)))
    }).pipe(Effect.provide(layer))
  })

  it.effect("has the rate at which it has caught up, and the last event", () => {
    const slow = Subscriber.make("slow", { events: [Deposited] }).on({
      Deposited: () => Effect.sleep("500 millis")
    })
    return Effect.gen(function* () {
      const { events } = yield* deposits(1, 2, 3, 4)
      yield* Effect.gen(function* () {
        const settled = yield* Effect.fork(Subscriptions.settled)
        for (let n = 0; n < 4; n++) {
          yield* settle
          yield* TestClock.adjust("500 millis")
        }
        yield* Fiber.join(settled)
        expect(yield* Subscriptions.status).toMatchObject([{ rate: 2, event: events[3]?.id }])
      }).pipe(Effect.provide(Subscriber.layer(slow)))
    }).pipe(Effect.provide(layer))
  })
})

describe.each(stacks)("the changes of subscribers on $name", ({ layer }) => {
  it.effect("tell whoever wants to be alarmed: set aside, paused, resumed, halted", () => {
    const moody = Subscriber.make("moody", { events: [Deposited] }).on({
      Deposited: ({ amount }) => (amount === 2 ? Effect.fail("no") : Effect.void)
    })
    return Effect.gen(function* () {
      const heard = yield* Subscriptions.changes.pipe(
        Stream.takeUntil(({ status }) => status === "Halted"),
        Stream.runCollect,
        Effect.fork
      )
      yield* settle
      yield* Effect.gen(function* () {
        yield* deposits(1)
        yield* Subscriptions.settled
        yield* deposits(2)
        yield* Subscriptions.settled
        yield* SubscriptionControl.pause(moody)
        yield* SubscriptionControl.resume(moody)
        yield* Subscriptions.settled
        yield* deposits("much")
        yield* Effect.flip(Subscriptions.settled)
      }).pipe(Effect.provide(Subscriber.layer(moody, { retry: Schedule.stop })))
      const changes = Chunk.toReadonlyArray(yield* Fiber.join(heard))
      const told = changes.flatMap(({ parked, status }) =>
        status === "CatchingUp" ? [] : [`${status} ${parked}`]
      )
      expect(told.filter((one, index) => one !== told[index - 1])).toEqual([
        "Live 0",
        "Live 1",
        "Paused 1",
        "Live 1",
        "Halted 1"
      ])
    }).pipe(Effect.provide(layer), Effect.provide(errors().layer))
  })
})
