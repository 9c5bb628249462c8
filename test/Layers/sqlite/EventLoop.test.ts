import { expect, it } from "@effect/vitest"
import { CommandHandler, EventStore, Projector, ReadModel, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Account, Balances, deposit } from "../../Bank.ts"
import { folder, manyDeposits, sqliteIn } from "../Stacks.ts"

/** How often the event loop turns while something is done. */
const turnsDuring = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    let turns = 0
    let next: NodeJS.Immediate | undefined
    const again = () => {
      turns += 1
      next = setImmediate(again)
    }
    next = setImmediate(again)
    return effect.pipe(
      Effect.ensuring(Effect.sync(() => clearImmediate(next))),
      Effect.map(() => turns)
    )
  })

it.scopedLive("the event loop turns while a program does nothing but write, catch up, or query", () =>
  Effect.gen(function* () {
    const directory = yield* folder
    yield* Effect.gen(function* () {
      const store = yield* EventStore.EventStore
      const write = CommandHandler.handle(Account, deposit("alice", 1))
      expect(yield* turnsDuring(Effect.repeatN(write, 100))).toBeGreaterThan(5)
      expect(yield* turnsDuring(Effect.repeatN(store.head, 200))).toBeGreaterThan(5)
      yield* manyDeposits(10_000)
      yield* Effect.gen(function* () {
        expect(yield* turnsDuring(Subscriptions.settled)).toBeGreaterThan(1)
        const query = ReadModel.get(Balances, "alice")
        expect(yield* turnsDuring(Effect.repeatN(query, 200))).toBeGreaterThan(5)
      }).pipe(Effect.provide(Projector.layer(Balances)))
    }).pipe(Effect.provide(Layer.fresh(sqliteIn(directory))))
  })
)
