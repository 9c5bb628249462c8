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
  Rebuild,
  Subscriptions
} from "everfold"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Account, Balances, deposit, Letter, Letters, rowOf, withdraw } from "../Bank.ts"
import { deposits, hurry, log, manyDeposits, recorder, stacks, wrapped } from "./Stacks.ts"

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
      expect(yield* Rebuild.run(Balances)).toBe(events.length)
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
      yield* Rebuild.run(Balances)
      yield* Rebuild.run(Balances)
      yield* deposits(3)
      yield* Subscriptions.settled
      expect(yield* row).toEqual({ accountId: "alice", balance: 6, applied: 3 })
    }).pipe(Effect.provide(Projector.layer(Balances)), Effect.provide(layer))
  )

  it.effect("readers see the old rows until the switch, and the projector keeps them up to date", () =>
    Effect.gen(function* () {
      const begun = yield* Deferred.make<void>()
      const gate = yield* Deferred.make<void>()
      const slow = wrapped(ProjectionStore.ProjectionStore, (store) => ({
        ...store,
        write: (batch) =>
          Deferred.succeed(begun, undefined).pipe(
            Effect.zipRight(Deferred.await(gate)),
            Effect.zipRight(store.write(batch))
          )
      }))
      yield* deposits(1, 2)
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        // What the rebuild makes of the events differs, so that a reader can tell.
        const rebuilding = yield* Effect.fork(Effect.provide(Rebuild.run(counting(10)), slow))
        yield* Deferred.await(begun)
        expect(yield* row).toMatchObject({ balance: 3 })
        yield* deposits(4)
        yield* Subscriptions.settled
        expect(yield* row).toMatchObject({ balance: 7, applied: 3 })
        yield* Deferred.succeed(gate, undefined)
        expect(yield* Fiber.join(rebuilding)).toBe(3)
        expect(yield* row).toMatchObject({ balance: 70, applied: 3 })
        yield* deposits(5)
        yield* Subscriptions.settled
        expect(yield* row).toMatchObject({ balance: 75, applied: 4 })
      }).pipe(Effect.provide(Projector.layer(Balances)))
    }).pipe(Effect.provide(layer))
  )

  it.effect("a rebuild that breaks off leaves the rows alone, and the next one begins anew", () =>
    Effect.gen(function* () {
      yield* manyDeposits(700)
      yield* Subscriptions.settled
      const failing = {
        ...counting(10),
        apply: (
          before: typeof Balances extends Projection.Readable<string, infer Row> ? Row | undefined : never
        ) => {
          if (before?.applied === 600) throw new Error("boom")
          return { accountId: "alice", balance: -1, applied: (before?.applied ?? 0) + 1 }
        }
      }
      const failed = yield* Effect.flip(Rebuild.run(failing))
      expect(failed).toMatchObject({ _tag: "HandlerFailed", position: 601 })
      expect(yield* row).toMatchObject({ balance: 700, applied: 700 })
      expect(yield* Rebuild.run(Balances)).toBe(700)
      expect(yield* row).toMatchObject({ balance: 700, applied: 700 })
    }).pipe(Effect.provide(Projector.layer(Balances)), Effect.provide(layer))
  )

  it.effect("two rebuilds at once: one of them says that it was not alone, or both are right", () =>
    Effect.gen(function* () {
      yield* manyDeposits(1200)
      yield* Subscriptions.settled
      const outcomes = yield* Effect.all(
        [Effect.either(Rebuild.run(Balances)), Effect.either(Rebuild.run(Balances))],
        {
          concurrency: 2
        }
      )
      for (const outcome of outcomes) {
        if (outcome._tag === "Left")
          expect(outcome.left).toMatchObject({ _tag: "StoreError", reason: "Busy" })
        else expect(outcome.right).toBe(1200)
      }
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
      expect(yield* Rebuild.run(Balances)).toBe(0)
      expect((yield* ReadModel.get(Balances, "alice")).row).toEqual(Option.none())
    }).pipe(Effect.provide(Projector.layer(Balances)), Effect.provide(layer))
  )

  it.scoped("it catches up with what is committed while it runs", () =>
    Effect.gen(function* () {
      yield* hurry
      yield* deposits(1)
      let more = 5
      const context = yield* Effect.context<EventStore.EventStore | Ids.Ids>()
      const busy = wrapped(EventStore.EventStore, (store) => ({
        ...store,
        readAll: (query) =>
          Effect.zipLeft(
            store.readAll(query),
            more-- > 0 ? Effect.provide(Effect.orDie(deposits(1)), context) : Effect.void
          )
      }))
      const scanned = yield* Rebuild.run(Balances).pipe(Effect.provide(busy))
      yield* Subscriptions.settled
      expect(scanned).toBe(6)
      expect(yield* row).toMatchObject({ balance: 6, applied: 6 })
    }).pipe(Effect.provide(Projector.layer(Balances)), Effect.provide(layer))
  )
})
