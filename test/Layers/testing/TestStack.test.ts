import { describe, expect, it } from "@effect/vitest"
import { CommandHandler, EventStore, Projector, ReadModel, Subscriptions } from "everfold"
import { TestStack } from "everfold/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/TestClock"
import { Account, Balances, deposit, withdraw } from "../../Bank.ts"

const story = Effect.gen(function* () {
  yield* CommandHandler.handle(Account, deposit("alice", 100))
  yield* TestClock.adjust("3 days")
  const receipt = yield* CommandHandler.handle(Account, withdraw("alice", 30))
  const balance = yield* ReadModel.get(Balances, "alice", { atLeast: receipt })
  const store = yield* EventStore.EventStore
  return { balance, log: yield* store.readAll({}), identity: yield* store.identity }
}).pipe(Effect.provide(Projector.layer(Balances).pipe(Layer.provideMerge(TestStack.layer))))

describe("the stack for tests", () => {
  it.effect("runs the same way every time: ids and times are part of the outcome", () =>
    Effect.gen(function* () {
      const first = yield* story
      const start = first.log.events[0]?.recordedAt ?? -1
      expect(first.log.events.map(({ recordedAt }) => recordedAt - start)).toEqual([0, 3 * 86_400_000])
      expect(first.log.events.map(({ id }) => id)).toEqual([
        expect.stringMatching(/^0{8}-0000-7000-8000-0{11}\d#0$/),
        expect.stringMatching(/^0{8}-0000-7000-8000-0{11}\d#0$/)
      ])
      yield* TestClock.setTime(start)
      expect(yield* story).toEqual(first)
    })
  )

  it.effect("needs no time to pass: queries catch up while the clock stands still", () =>
    Effect.gen(function* () {
      const { balance } = yield* story
      expect(balance.row).toMatchObject({ value: { balance: 70 } })
      expect(balance.asOf.position).toBe(2)
    })
  )

  it.effect("waits for no time to pass: it does not look at the log when nobody rings", () =>
    Effect.gen(function* () {
      yield* CommandHandler.handle(Account, deposit("alice", 100))
      yield* Subscriptions.settled
      expect([...(yield* TestClock.sleeps())]).toEqual([])
    }).pipe(Effect.provide(Projector.layer(Balances).pipe(Layer.provideMerge(TestStack.layer))))
  )
})
