import { expect, it } from "@effect/vitest"
import { CommandHandler, Projector, ReadModel, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { renameSync } from "node:fs"
import { join } from "node:path"
import { Account, Balances, deposit, rowOf } from "../../Bank.ts"
import { errors, folder, sqliteIn, stateOf } from "../Stacks.ts"

const running = (directory: string) => Layer.provideMerge(Projector.layer(Balances), sqliteIn(directory))

it.scopedLive("a read database that has gone from its place is not written to: its projections halt", () => {
  const { layer: logger, lines } = errors()
  return Effect.gen(function* () {
    const directory = yield* folder
    yield* Effect.gen(function* () {
      yield* CommandHandler.handle(Account, deposit("alice", 1))
      yield* Subscriptions.settled
      renameSync(join(directory, "read.db"), join(directory, "elsewhere.db"))
      yield* CommandHandler.handle(Account, deposit("alice", 2))
      expect(yield* Effect.flip(Subscriptions.settled)).toMatchObject({ _tag: "SubscriberHalted" })
      expect(yield* stateOf("balances")).toMatchObject({ status: "Halted", position: 1 })
    }).pipe(Effect.provide(running(directory)))
    expect(lines).toEqual([
      expect.stringMatching(
        /"balances" has halted .* ReadOnly: .*read.db was deleted or replaced while it was open/
      )
    ])
    yield* Effect.gen(function* () {
      yield* Subscriptions.settled
      expect(rowOf(yield* ReadModel.get(Balances, "alice"))).toMatchObject({ balance: 3, applied: 2 })
    }).pipe(Effect.provide(running(directory)))
  }).pipe(Effect.provide(logger))
})

it.scopedLive("a log that has gone from its place takes nothing more", () =>
  Effect.gen(function* () {
    const directory = yield* folder
    yield* Effect.gen(function* () {
      yield* CommandHandler.handle(Account, deposit("alice", 1))
      renameSync(join(directory, "log.db"), join(directory, "elsewhere.db"))
      const error = yield* Effect.flip(CommandHandler.handle(Account, deposit("alice", 2)))
      expect(error).toMatchObject({ _tag: "StoreError", reason: "ReadOnly" })
    }).pipe(Effect.provide(sqliteIn(directory)))
  })
)
