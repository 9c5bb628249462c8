/** What a reaction does and that it has done it are one transaction: neither is ever there without the other. */
import { describe, expect, it } from "@effect/vitest"
import { CommandHandler, EventStore, Reactor, Subscriptions } from "everfold"
import type { SqliteStack } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import { join } from "node:path"
import { Account, deposit, Letter, Letters, withdraw } from "../Bank.ts"
import { errors, folder, log, sqliteIn, stateOf } from "../Layers/Stacks.ts"
import { connect } from "../Layers/sqlite/files.ts"

const letters = Reactor.layer(Letters, [Letter], { finally: "Halt" })

const types = Effect.map(log, (events) => events.map(({ type }) => type))

const checkpoint = Effect.flatMap(EventStore.EventStore, (store) => store.checkpoint("letters"))

describe("what cannot be written", () => {
  it.scopedLive.each([
    { what: "the checkpoint", trigger: "before insert on checkpoints when new.position > 0" },
    { what: "the events", trigger: "before insert on events when new.type = 'Sent'" }
  ])("of a reaction's answer is $what: then nothing is", ({ trigger }) => {
    const { layer: logger, lines } = errors()
    return Effect.gen(function* () {
      const directory = yield* folder
      const running = <A, E>(program: Effect.Effect<A, E, SqliteStack.Stack>) =>
        Effect.provide(program, sqliteIn(directory))
      yield* running(
        Effect.zipRight(
          CommandHandler.handle(Account, deposit("alice", 100)),
          CommandHandler.handle(Account, withdraw("alice", 10))
        )
      )
      const raw = yield* connect(join(directory, "log.db"))
      raw.exec(`create trigger crash ${trigger} begin select raise(abort, 'crash'); end`)
      yield* running(
        Effect.gen(function* () {
          yield* Effect.flip(Subscriptions.settled)
          expect(yield* stateOf("letters")).toMatchObject({ status: "Halted" })
          expect(yield* types).toEqual(["Deposited", "Withdrawn"])
          expect(yield* checkpoint).toBe(0)
        }).pipe(Effect.provide(letters))
      )
      expect(lines).toHaveLength(1)

      raw.exec("drop trigger crash")
      yield* running(
        Effect.gen(function* () {
          yield* Subscriptions.settled
          expect(yield* types).toEqual(["Deposited", "Withdrawn", "Sent"])
          expect(yield* checkpoint).toBeGreaterThanOrEqual(2)
        }).pipe(Effect.provide(letters))
      )
    }).pipe(Effect.provide(logger))
  })
})
