import { expect, it } from "@effect/vitest"
import { CommandHandler, Projector, ReadModel, Subscriptions } from "everfold"
import { ReadDb } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Account, Balances, deposit, rowOf } from "../../Bank.ts"
import { folder, sqliteIn } from "../Stacks.ts"

const earn = (amount: number) =>
  Effect.zipRight(CommandHandler.handle(Account, deposit("alice", amount)), Subscriptions.settled)

it.scopedLive("a report that keeps its snapshot open does not age what projectors and queries read", () =>
  Effect.gen(function* () {
    const directory = yield* folder
    yield* Effect.gen(function* () {
      const sql = yield* ReadDb.ReadDb
      yield* earn(100)
      const count = Effect.map(sql<{ n: number }>`select count(*) as n from rows`, ([row]) => row?.n)
      yield* sql.withTransaction(
        Effect.gen(function* () {
          expect(yield* count).toBe(1)
          yield* earn(10)
          yield* earn(1)
          const { row } = yield* ReadModel.get(Balances, "alice")
          expect(rowOf({ row })).toMatchObject({ balance: 111, applied: 3 })
        })
      )
    }).pipe(Effect.provide(Layer.provideMerge(Projector.layer(Balances), sqliteIn(directory))))
  })
)
