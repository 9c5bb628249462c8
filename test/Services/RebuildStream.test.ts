import { describe, expect, it } from "@effect/vitest"
import {
  CommandHandler,
  Notes,
  Projection,
  ProjectionStore,
  Projector,
  ReadModel,
  StoreError,
  SubscriptionControl,
  Subscriptions
} from "everfold"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/TestClock"
import { Account, Balances, deposit, rowOf, withdraw } from "../Bank.ts"
import { errors, hurry, settle, stacks, wrapped } from "../Layers/Stacks.ts"

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

  it.effect("stay as they were when they cannot be built, and the projection goes on", () => {
    const { layer: logger, lines } = errors()
    return Effect.gen(function* () {
      const broken = {
        ...Mended,
        encodeRow: (row: Parameters<typeof Balances.encodeRow>[0]) =>
          row.balance === 5 ? Balances.encodeRow({ ...row, balance: 0.5 }) : Balances.encodeRow(row)
      }
      yield* Effect.provide(trade, Projector.layer(Faulty))
      yield* Effect.gen(function* () {
        const failed = yield* Effect.flip(SubscriptionControl.rebuildStream(broken, "Account-alice"))
        expect(failed).toMatchObject({ _tag: "RebuildFailed", projection: "balances" })
        expect(failed.message).toMatch(/actual 0.5/)
        expect(lines).toEqual([expect.stringContaining('"balances": Account-alice could not be rebuilt')])
        expect(yield* balances).toEqual([68, 70])
        // What another stream can do.
        yield* SubscriptionControl.rebuildStream(broken, "Account-bob")
        expect(yield* balances).toEqual([68, 7])
        yield* CommandHandler.handle(Account, deposit("bob", 1))
        yield* Subscriptions.settled
        expect(yield* balances).toEqual([68, 8])
        const error = expect.stringContaining("Account-alice could not be rebuilt")
        expect(yield* Subscriptions.status).toMatchObject([{ status: "Live", error }])
      }).pipe(Effect.provide(Projector.layer(broken)))
      // Mended, it is done without being asked for again.
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        expect(yield* balances).toEqual([5, 8])
        expect(yield* Subscriptions.status).toMatchObject([{ error: undefined }])
      }).pipe(Effect.provide(Projector.layer(Mended)))
    }).pipe(Effect.provide(layer), Effect.provide(logger))
  })

  it.effect("are not built while the projection rests, and whoever asks is told", () =>
    Effect.gen(function* () {
      yield* Effect.provide(trade, Projector.layer(Faulty))
      yield* Effect.gen(function* () {
        yield* SubscriptionControl.pause(Mended)
        const failed = yield* Effect.flip(SubscriptionControl.rebuildStream(Mended, "Account-alice"))
        expect(failed).toMatchObject({ _tag: "RebuildFailed", details: expect.stringContaining("paused") })
        yield* SubscriptionControl.resume(Mended)
        yield* Subscriptions.settled
        expect(yield* balances).toEqual([5, 70])
      }).pipe(Effect.provide(Projector.layer(Mended)))
    }).pipe(Effect.provide(layer))
  )

  it.scoped("are built although the store is away for a while", () => {
    let failures = 0
    const away = Projector.layer(Mended).pipe(
      Layer.provide(
        wrapped(ProjectionStore.ProjectionStore, (store) => ({
          ...store,
          write: (batch) =>
            Effect.suspend(() =>
              failures-- > 0 ? Effect.fail(StoreError.make("Unavailable", "away")) : store.write(batch)
            )
        }))
      )
    )
    return Effect.gen(function* () {
      yield* Effect.provide(trade, Projector.layer(Faulty))
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        failures = 3
        const rebuilding = yield* Effect.fork(SubscriptionControl.rebuildStream(Mended, "Account-alice"))
        yield* settle
        yield* hurry
        yield* Fiber.join(rebuilding)
        expect(yield* balances).toEqual([5, 70])
        expect(failures).toBeLessThanOrEqual(0)
      }).pipe(Effect.provide(away))
    }).pipe(Effect.provide(layer))
  })

  it.effect("are as of the time that all rows were as of", () =>
    Effect.gen(function* () {
      const asOf = Effect.map(ReadModel.get(Mended, "alice"), ({ asOf }) => asOf)
      yield* TestClock.adjust("1 minute")
      yield* Effect.provide(trade, Projector.layer(Faulty))
      yield* TestClock.adjust("1 minute")
      // Both while it runs and when it begins.
      yield* SubscriptionControl.rebuildStream(Mended, "Account-alice")
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        expect(yield* asOf).toEqual({ position: 3, time: 60_000 })
        yield* SubscriptionControl.rebuildStream(Mended, "Account-bob")
        expect(yield* asOf).toEqual({ position: 3, time: 60_000 })
      }).pipe(Effect.provide(Projector.layer(Mended)))
    }).pipe(Effect.provide(layer))
  )
})
