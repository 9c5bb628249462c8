import { describe, expect, it } from "@effect/vitest"
import {
  CommandHandler,
  EventStore,
  Ids,
  Projection,
  ProjectionStore,
  Projector,
  Reactor,
  ReadModel,
  SubscriptionControl,
  Subscriptions
} from "everfold"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Account, Balances, deposit, Letter, Letters, rowOf, withdraw } from "../Bank.ts"
import { deposits, errors, log, manyDeposits, recorder, stacks, stateOf, wrapped } from "./Stacks.ts"

const row = Effect.map(ReadModel.get(Balances, "alice"), rowOf)

const page = Effect.map(ReadModel.list(Balances), ({ rows }) => rows)

/** The same projection, whose handlers count every amount so many times. */
const counting = (times: number, version?: number) =>
  Projection.make("balances", {
    row: Schema.Struct({ accountId: Schema.String, balance: Schema.Int, applied: Schema.Int }),
    events: Account.events,
    key: (event) => event.accountId,
    ...(version !== undefined && { version })
  }).on({
    Deposited: (row, { accountId, amount }) => ({
      accountId,
      balance: (row?.balance ?? 0) + times * amount,
      applied: (row?.applied ?? 0) + 1
    }),
    Withdrawn: (row) => row
  })

describe.each(stacks)("a rebuild on $name", ({ layer }) => {
  it.effect("leads to the rows that were there, and says how far it went", () => {
    const { layer: recording, seen } = recorder()
    return Effect.gen(function* () {
      for (const name of ["alice", "bob", "carol"]) {
        yield* CommandHandler.handle(Account, deposit(name, 100))
        yield* CommandHandler.handle(Account, withdraw(name, 30))
      }
      yield* Subscriptions.settled
      const before = yield* page
      const events = yield* log
      expect(yield* SubscriptionControl.rebuild(Balances)).toBe(events.length)
      expect(yield* page).toEqual(before)
      expect(before).toHaveLength(3)
      // Nobody else has noticed.
      expect(yield* log).toEqual(events)
      expect(seen).toHaveLength(6)
    }).pipe(
      Effect.provide(Layer.mergeAll(Projector.layer(Balances), Reactor.layer(Letters, [Letter]), recording)),
      Effect.provide(layer)
    )
  })

  it.scoped("the projector goes on with the new rows", () =>
    Effect.gen(function* () {
      yield* deposits(1, 2)
      yield* Subscriptions.settled
      yield* SubscriptionControl.rebuild(Balances)
      yield* SubscriptionControl.rebuild(Balances)
      yield* deposits(3)
      yield* Subscriptions.settled
      expect(yield* row).toEqual({ accountId: "alice", balance: 6, applied: 3 })
    }).pipe(Effect.provide(Projector.layer(Balances)), Effect.provide(layer))
  )

  it.effect("readers see the old rows until the switch, and the projector keeps them up to date", () =>
    Effect.gen(function* () {
      yield* deposits(1, 2)
      yield* Effect.provide(Subscriptions.settled, Projector.layer(Balances))
      const begun = yield* Deferred.make<void>()
      const gate = yield* Deferred.make<void>()
      // Only what is being built waits; the handlers have changed, so that a reader can tell.
      const slow = wrapped(ProjectionStore.ProjectionStore, (store) => ({
        ...store,
        write: (batch) =>
          batch.from > 0
            ? store.write(batch)
            : Deferred.succeed(begun, undefined).pipe(
                Effect.zipRight(Deferred.await(gate)),
                Effect.zipRight(store.write(batch))
              )
      }))
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        const rebuilding = yield* Effect.fork(SubscriptionControl.rebuild(counting(10)))
        yield* Deferred.await(begun)
        expect(yield* row).toMatchObject({ balance: 3 })
        yield* deposits(4)
        yield* Subscriptions.settled
        expect(yield* row).toMatchObject({ balance: 43, applied: 3 })
        expect(yield* stateOf("balances")).toMatchObject({ status: "Live", building: { position: 0 } })
        yield* Deferred.succeed(gate, undefined)
        expect(yield* Fiber.join(rebuilding)).toBe(3)
        expect(yield* row).toMatchObject({ balance: 70, applied: 3 })
        yield* deposits(5)
        yield* Subscriptions.settled
        expect(yield* row).toMatchObject({ balance: 120, applied: 4 })
        expect((yield* stateOf("balances"))?.building).toBeUndefined()
      }).pipe(Effect.provide(Projector.layer(counting(10)).pipe(Layer.provide(slow))))
    }).pipe(Effect.provide(layer))
  )

  it.effect("one that fails leaves the rows alone, and the next one begins anew", () => {
    const { layer: logger, lines } = errors()
    return Effect.gen(function* () {
      yield* manyDeposits(700)
      yield* Effect.provide(Subscriptions.settled, Projector.layer(Balances))
      const failing: typeof Balances = {
        ...Balances,
        apply: (before, recorded) => {
          if (before?.applied === 600) throw new Error("boom")
          return Balances.apply(before, recorded)
        }
      }
      yield* Effect.gen(function* () {
        const failed = yield* Effect.flip(SubscriptionControl.rebuild(failing))
        expect(failed).toMatchObject({ _tag: "RebuildFailed", projection: "balances" })
        expect(failed.message).toContain("at position 601")
        expect(lines).toHaveLength(1)
        expect(yield* row).toMatchObject({ balance: 700, applied: 700 })
        // Whoever keeps the served rows up to date has not noticed.
        yield* deposits(1)
        yield* Subscriptions.settled
        expect(yield* stateOf("balances")).toMatchObject({ status: "Live", position: 701, errors: 1 })
        expect(yield* row).toMatchObject({ balance: 701, applied: 701 })
      }).pipe(Effect.provide(Projector.layer(failing)))
      yield* Effect.gen(function* () {
        expect(yield* SubscriptionControl.rebuild(Balances)).toBe(701)
        expect(yield* row).toMatchObject({ balance: 701, applied: 701 })
      }).pipe(Effect.provide(Projector.layer(Balances)))
    }).pipe(Effect.provide(layer), Effect.provide(logger))
  })

  it.effect("two rebuilds at once: both return when readers see rows that were built since", () =>
    Effect.gen(function* () {
      yield* manyDeposits(1200)
      yield* Subscriptions.settled
      const { generation = 0 } = (yield* stateOf("balances")) ?? {}
      const both = [SubscriptionControl.rebuild(Balances), SubscriptionControl.rebuild(Balances)]
      expect(yield* Effect.all(both, { concurrency: 2 })).toEqual([1200, 1200])
      expect((yield* stateOf("balances"))?.generation).toBeGreaterThanOrEqual(generation + 2)
      yield* deposits(1)
      yield* Subscriptions.settled
      expect(yield* row).toMatchObject({ balance: 1201, applied: 1201 })
    }).pipe(Effect.provide(Projector.layer(Balances)), Effect.provide(layer))
  )

  it.effect("a raised version is built from the beginning, beside the earlier one", () =>
    Effect.gen(function* () {
      yield* deposits(1, 2)
      yield* Effect.provide(Subscriptions.settled, Projector.layer(Balances))
      const Second = counting(10, 2)
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        expect(rowOf(yield* ReadModel.get(Second, "alice"))).toEqual({
          accountId: "alice",
          balance: 30,
          applied: 2
        })
      }).pipe(Effect.provide(Projector.layer(Second)))
      // Somebody who still runs the earlier version sees its rows, as of where they were.
      const earlier = yield* Effect.provide(ReadModel.get(Balances, "alice"), Projector.layer(Balances))
      expect(rowOf(earlier)).toEqual({ accountId: "alice", balance: 3, applied: 2 })
    }).pipe(Effect.provide(layer))
  )

  it.effect("an empty log makes no rows", () =>
    Effect.gen(function* () {
      expect(yield* SubscriptionControl.rebuild(Balances)).toBe(0)
      expect((yield* ReadModel.get(Balances, "alice")).row).toEqual(Option.none())
    }).pipe(Effect.provide(Projector.layer(Balances)), Effect.provide(layer))
  )

  it.scoped("it catches up with what is committed while it runs", () => {
    let more = 0
    const busy = Layer.unwrapEffect(
      Effect.map(Effect.context<EventStore.EventStore | Ids.Ids>(), (context) =>
        wrapped(EventStore.EventStore, (store) => ({
          ...store,
          readAll: (query) =>
            Effect.zipLeft(
              store.readAll(query),
              more-- > 0 ? Effect.provide(Effect.orDie(deposits(1)), context) : Effect.void
            )
        }))
      )
    )
    return Effect.gen(function* () {
      yield* deposits(1)
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        more = 5
        yield* SubscriptionControl.rebuild(Balances)
        yield* Subscriptions.settled
        const all = (yield* log).length
        expect(all).toBeGreaterThan(2)
        expect(yield* row).toMatchObject({ balance: all, applied: all })
      }).pipe(Effect.provide(Projector.layer(Balances).pipe(Layer.provide(busy))))
    }).pipe(Effect.provide(layer))
  })
})
