/** More callers than there is room for: who is too many is told at once, and everybody else is served. */
import { expect, it } from "@effect/vitest"
import { CommandHandler, Limits } from "everfold"
import { SqliteStack } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { join } from "node:path"
import { Account, deposit } from "../Bank.ts"
import { commandsOn, folder, log, settle } from "../Layers/Stacks.ts"
import { connect, turn } from "../Layers/sqlite/files.ts"

const at = (n: number) => Array.from({ length: n }, (_, index) => index + 1)

/** Lets so many deposit, and says what became of those who are done when everything stands still. */
const crowd = (size: number, account: (n: number) => string) =>
  Effect.gen(function* () {
    const fibers = yield* Effect.forEach(at(size), (n) =>
      Effect.fork(Effect.either(CommandHandler.handle(Account, deposit(account(n), n))))
    )
    // Everybody has their turn of the event loop, more than once.
    yield* Effect.repeatN(Effect.zipRight(settle, turn), 20)
    const polled = yield* Effect.forEach(fibers, Fiber.poll)
    const done = yield* Effect.all(polled.filter(Option.isSome).map(({ value }) => value))
    return { fibers, turnedAway: done.flatMap((outcome) => (Either.isLeft(outcome) ? [outcome.left] : [])) }
  })

const overloaded = { _tag: "StoreError", reason: "Overloaded", transient: true }

const accepted = (fibers: ReadonlyArray<Fiber.Fiber<Either.Either<unknown, unknown>>>) =>
  Effect.map(Effect.forEach(fibers, Fiber.join), (all) => all.filter(Either.isRight).length)

it.scopedLive("commits that wait for the writer are bounded", () =>
  Effect.gen(function* () {
    const directory = yield* folder
    const small = Limits.layer({ waitingCommits: 5 })
    yield* Effect.gen(function* () {
      const raw = yield* connect(join(directory, "log.db"))
      raw.exec("begin immediate")
      const { fibers, turnedAway } = yield* crowd(20, (n) => `account-${n}`)
      expect(turnedAway).toMatchObject(at(15).map(() => overloaded))
      raw.exec("commit")
      expect(yield* accepted(fibers)).toBe(5)
      expect(yield* log).toHaveLength(5)
      yield* CommandHandler.handle(Account, deposit("late", 1))
      expect(yield* log).toHaveLength(6)
    }).pipe(Effect.provide(Layer.provide(SqliteStack.layer({ directory, durability: "NORMAL" }), small)))
  })
)

it.scopedLive("commands that wait for one stream are bounded, and other streams go on", () =>
  Effect.gen(function* () {
    const directory = yield* folder
    const gate = yield* Effect.makeLatch()
    // Whoever has the turn of this account does not come to an end.
    const slow = commandsOn((store) => ({
      ...store,
      readPast: (query) =>
        Effect.zipRight(query.stream === "Account-slow" ? gate.await : Effect.void, store.readPast(query))
    }))
    const small = Limits.layer({ waitingCommands: 3 })
    yield* Effect.gen(function* () {
      const { fibers, turnedAway } = yield* crowd(20, () => "slow")
      expect(turnedAway).toMatchObject(at(16).map(() => overloaded))
      yield* CommandHandler.handle(Account, deposit("quick", 1))
      yield* gate.open
      expect(yield* accepted(fibers)).toBe(4)
      expect(yield* log).toHaveLength(5)
    }).pipe(
      Effect.provide(Layer.provide(slow, small)),
      Effect.provide(SqliteStack.layer({ directory, durability: "NORMAL" }))
    )
  })
)
