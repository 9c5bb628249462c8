import { describe, expect, it } from "@effect/vitest"
import {
  CommandHandler,
  Notes,
  Projection,
  Projector,
  ReadModel,
  SubscriptionControl,
  Subscriptions
} from "everfold"
import * as Effect from "effect/Effect"
import { Account, Balances, deposit, rowOf, withdraw } from "../Bank.ts"
import { stacks } from "../Layers/Stacks.ts"

const Mended = Projection.perStream(Balances)

/** Counts a deposit of 7 ten times, in one account only when there was one. */
const Faulty = {
  ...Mended,
  apply: (...[row, recorded]: Parameters<typeof Balances.apply>) => {
    const after = Balances.apply(row, recorded)
    return after && recorded.event.amount === 7 ? { ...after, balance: after.balance + 63 } : after
  }
}

const balances = Effect.map(
  Effect.forEach(["alice", "bob"], (name) => ReadModel.get(Mended, name)),
  (rows) => rows.map((row) => rowOf(row)?.balance)
)

const trade = Effect.gen(function* () {
  yield* CommandHandler.handle(Account, deposit("alice", 7))
  yield* CommandHandler.handle(Account, deposit("bob", 7))
  yield* CommandHandler.handle(Account, withdraw("alice", 2))
  yield* Subscriptions.settled
})

describe.each(stacks)("the rows of one stream on $name", ({ layer }) => {
  it.effect("are built again alone, where the projection stands, and it goes on from there", () =>
    Effect.gen(function* () {
      yield* Effect.provide(trade, Projector.layer(Faulty))
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        expect(yield* balances).toEqual([68, 70])
        const before = (yield* ReadModel.get(Mended, "alice")).asOf
        yield* SubscriptionControl.rebuildStream(Mended, "Account-alice")
        expect(yield* balances).toEqual([5, 70])
        expect((yield* ReadModel.get(Mended, "alice")).asOf).toEqual(before)
        yield* CommandHandler.handle(Account, deposit("alice", 1))
        yield* Subscriptions.settled
        expect(yield* balances).toEqual([6, 70])
      }).pipe(Effect.provide(Projector.layer(Mended)))
    }).pipe(Effect.provide(layer))
  )

  it.effect("are built by whoever runs the projection next, if nobody does now", () =>
    Effect.gen(function* () {
      yield* Effect.provide(trade, Projector.layer(Faulty))
      yield* SubscriptionControl.rebuildStream(Mended, "Account-bob")
      const asked = Effect.flatMap(Notes.Notes, (notes) =>
        notes.find({ subscriber: "balances", kind: "stream" })
      )
      expect(yield* asked).toMatchObject([{ key: "Account-bob" }])
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        expect(yield* balances).toEqual([68, 7])
      }).pipe(Effect.provide(Projector.layer(Mended)))
      expect(yield* asked).toEqual([])
    }).pipe(Effect.provide(layer))
  )

  it.effect("stay as they were when they cannot be built, and the projection goes on", () =>
    Effect.gen(function* () {
      const broken = {
        ...Mended,
        encodeRow: (row: Parameters<typeof Balances.encodeRow>[0]) =>
          row.balance === 5 ? Balances.encodeRow({ ...row, balance: 0.5 }) : Balances.encodeRow(row)
      }
      yield* Effect.provide(trade, Projector.layer(Faulty))
      yield* Effect.gen(function* () {
        yield* SubscriptionControl.rebuildStream(broken, "Account-alice")
        expect(yield* balances).toEqual([68, 70])
        yield* CommandHandler.handle(Account, deposit("bob", 1))
        yield* Subscriptions.settled
        expect(yield* balances).toEqual([68, 71])
        expect(yield* Subscriptions.status).toMatchObject([{ status: "Live" }])
      }).pipe(Effect.provide(Projector.layer(broken)))
    }).pipe(Effect.provide(layer))
  )
})
