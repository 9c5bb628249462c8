import { describe, expect, it } from "@effect/vitest"
import { CommandHandler, History, Metadata } from "everfold"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import { Account, deposit, deposited, Journal, withdraw, withdrawn } from "../Bank.ts"
import { deposits, manyDeposits, stacks } from "../Layers/Stacks.ts"

/** Versions 1, 2 and 3 at the seconds 1, 2 and 3, with another stream in between. */
const story = Effect.gen(function* () {
  yield* TestClock.adjust("1 second")
  yield* CommandHandler.handle(Account, deposit("alice", 100))
  yield* CommandHandler.handle(Account, deposit("bob", 5))
  yield* TestClock.adjust("1 second")
  yield* CommandHandler.handle(Account, withdraw("alice", 30)).pipe(Metadata.with({ actor: "mallory" }))
  yield* TestClock.adjust("1 second")
  yield* CommandHandler.handle(Account, deposit("alice", 1))
})

describe.each(stacks)("history on $name", ({ layer }) => {
  it.effect("of: the events of one aggregate, typed, oldest first", () =>
    Effect.gen(function* () {
      yield* story
      const history = yield* History.of(Account, "alice")
      expect(history.map(({ event }) => event)).toEqual([
        deposited("alice", 100),
        withdrawn("alice", 30),
        deposited("alice", 1)
      ])
      expect(history.map(({ position, recordedAt, version }) => [version, position, recordedAt])).toEqual([
        [1, 1, 1000],
        [2, 3, 2000],
        [3, 4, 3000]
      ])
      expect(history[1]?.metadata.actor).toBe("mallory")
      expect(yield* History.of(Account, "nobody")).toEqual([])
    }).pipe(Effect.provide(layer))
  )

  it.effect("stateAt: at a version, at a time, and now", () =>
    Effect.gen(function* () {
      yield* story
      const balanceAt = (moment?: History.Moment) =>
        Effect.map(History.stateAt(Account, "alice", moment), ({ balance }) => balance)
      const byVersion = yield* Effect.forEach([0, 1, 2, 3, 9], (version) => balanceAt({ version }))
      expect(byVersion).toEqual([0, 100, 70, 71, 71])
      // At a moment means: what was recorded in it has happened.
      const byTime = yield* Effect.forEach([0, 999, 1000, 1999, 2000, 2999, 3000, 1e12], (time) =>
        balanceAt({ time })
      )
      expect(byTime).toEqual([0, 0, 100, 100, 70, 70, 71, 71])
      expect(yield* balanceAt()).toBe(71)
      expect(yield* History.stateAt(Journal, "nobody")).toEqual({ texts: [] })
    }).pipe(Effect.provide(layer))
  )

  it.effect("changes: what each event changed, from what to what, and by whom", () =>
    Effect.gen(function* () {
      yield* story
      const changes = yield* History.changes(Account, "alice")
      expect(changes.map(({ differences, recorded }) => [recorded.metadata.actor, differences])).toEqual([
        [undefined, [{ field: "balance", from: 0, to: 100 }]],
        ["mallory", [{ field: "balance", from: 100, to: 70 }]],
        [undefined, [{ field: "balance", from: 70, to: 71 }]]
      ])
    }).pipe(Effect.provide(layer))
  )

  it.effect("a history of several pages is whole", () =>
    Effect.gen(function* () {
      yield* manyDeposits(1000)
      expect(yield* History.of(Account, "alice")).toHaveLength(1000)
      yield* deposits(1)
      expect(yield* History.stateAt(Account, "alice")).toEqual({ balance: 1001 })
      expect(yield* History.stateAt(Account, "alice", { version: 750 })).toEqual({ balance: 750 })
    }).pipe(Effect.provide(layer))
  )

  it.effect("what cannot be read is named, and not passed over", () =>
    Effect.gen(function* () {
      yield* deposits(1, "much", 2)
      const failed = yield* Effect.flip(History.stateAt(Account, "alice"))
      expect(failed).toMatchObject({ reason: "Undecodable" })
      expect(failed.message).toContain("Account-alice version 2")
      expect(yield* History.stateAt(Account, "alice", { version: 1 })).toEqual({ balance: 1 })
    }).pipe(Effect.provide(layer))
  )
})
