import { expect, it } from "@effect/vitest"
import { CommandHandler, Projector, ReadModel } from "everfold"
import { TestStack } from "everfold/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { Account, Balances, deposit } from "../Bank.ts"

const bank = Projector.layer(Balances).pipe(Layer.provideMerge(TestStack.layer))

const accounts = Effect.forEach(["alice", "bob", "carol"], (id) =>
  CommandHandler.handle(Account, deposit(id, 10))
).pipe(Effect.map((receipts) => ({ atLeast: { position: receipts.length } })))

it.scoped("a page has so many rows as are asked for, and says where the next one begins", () =>
  Effect.gen(function* () {
    const fresh = yield* accounts
    const first = yield* ReadModel.list(Balances, { ...fresh, limit: 2 })
    expect([first.rows.length, first.next]).toEqual([2, Option.some({ value: null, key: "bob" })])
    const after = Option.getOrThrow(first.next)
    const second = yield* ReadModel.list(Balances, { limit: 2, after })
    expect([second.rows.length, second.next]).toEqual([1, Option.none()])
    const all = yield* ReadModel.list(Balances, { limit: Number.MAX_SAFE_INTEGER })
    expect([all.rows.length, all.next]).toEqual([3, Option.none()])
  }).pipe(Effect.provide(bank))
)

it.scoped("a page of no rows, or of half a row, is Invalid: it would never come to an end", () =>
  Effect.gen(function* () {
    const fresh = yield* accounts
    for (const limit of [0, -1, 0.5, Number.NaN]) {
      const error = yield* Effect.flip(ReadModel.list(Balances, { ...fresh, limit }))
      expect(error).toMatchObject({
        _tag: "StoreError",
        reason: "Invalid",
        details: "limit of a query: a whole number from 1 is expected"
      })
    }
  }).pipe(Effect.provide(bank))
)
