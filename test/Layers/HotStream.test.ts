import { describe, expect, it } from "@effect/vitest"
import {
  CommandHandler,
  EventStore,
  LogCommandHandler,
  MemoryStack,
  QueueDoorbell,
  StoreError
} from "everfold"
import { SqliteEventStore } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as SqliteDatabase from "../../src/Layers/sqlite/SqliteDatabase.ts"
import * as SqliteLog from "../../src/Layers/sqlite/SqliteLog.ts"
import { Product } from "../../src/Domain/Catalogue/Product.ts"
import { create, productId, updateStock } from "../Domain/Catalogue/samples.ts"
import { Account, deposit, InsufficientFunds, withdraw } from "../Bank.ts"
import { commandsOn, counting, folder, held, hurry, log, settle, sqliteIn, stacks } from "./Stacks.ts"
import { connect, freshFile } from "./sqlite/files.ts"

const at = (n: number) => Array.from({ length: n }, (_, index) => index + 1)

describe.each(stacks)("callers on one stream on $name", ({ layer }) => {
  it.effect("20 of them with 50 commands each: no conflict, no gap, each decided once, one read", () => {
    const { counts, layer: commands } = counting()
    return Effect.gen(function* () {
      const caller = Effect.forEach(at(50), () => CommandHandler.handle(Account, deposit("hot", 1)))
      const receipts = (yield* Effect.replicateEffect(caller, 20, { concurrency: "unbounded" })).flat()
      expect(receipts.map(({ version }) => version).sort((a, b) => a - b)).toEqual(at(1000))
      expect((yield* log).map(({ version }) => version)).toEqual(at(1000))
      expect(counts).toEqual({ appends: 1000, reads: 1 })
    }).pipe(Effect.provide(commands), Effect.provide(layer))
  })

  it.effect("who is refused writes nothing, and nobody before or after decides again", () => {
    const { counts, layer: commands } = counting()
    return Effect.gen(function* () {
      const commandsOf = (n: number) => (n % 2 === 0 ? withdraw("hot", 1_000_000 + n) : deposit("hot", 1))
      const outcomes = yield* Effect.forEach(
        at(40),
        (n) => Effect.either(CommandHandler.handle(Account, commandsOf(n))),
        { concurrency: "unbounded" }
      )
      const refused = outcomes.flatMap((outcome) => (Either.isLeft(outcome) ? [outcome.left] : []))
      expect(refused).toEqual(at(20).map((balance) => new InsufficientFunds({ balance })))
      expect((yield* log).map(({ version }) => version)).toEqual(at(20))
      expect(counts).toEqual({ appends: 40, reads: 1 })
    }).pipe(Effect.provide(commands), Effect.provide(layer))
  })
})

describe.each(stacks)("nothing decided on uncommitted state gets out on $name", ({ layer }) => {
  type Program = Effect.Effect<unknown, unknown, CommandHandler.CommandHandler>
  const receipt: Program = CommandHandler.handle(Account, deposit("alice", 20))
  const refusal: Program = CommandHandler.handle(Account, withdraw("alice", 1000))
  const change: Program = CommandHandler.handle(Product, updateStock(7))

  it.effect("no receipt, no refusal, no empty decision before what it rests on is committed", () =>
    Effect.gen(function* () {
      const gate = yield* Effect.makeLatch(true)
      yield* Effect.gen(function* () {
        yield* CommandHandler.handle(Product, create())
        yield* gate.close
        const programs = [receipt, receipt, refusal, change, change]
        const fibers = yield* Effect.forEach(programs, (program) => Effect.fork(Effect.exit(program)))
        yield* settle
        const polled = yield* Effect.forEach(fibers, Fiber.poll)
        expect(polled.filter(Option.isSome)).toEqual([])
        expect(yield* log).toHaveLength(1)

        yield* gate.open
        const [first, second, third, fourth, fifth] = yield* Effect.forEach(fibers, Fiber.join)
        expect([first, second]).toMatchObject([{ value: { version: 1 } }, { value: { version: 2 } }])
        expect(third).toEqual(Exit.fail(new InsufficientFunds({ balance: 40 })))
        expect([fourth, fifth]).toMatchObject([
          { value: { version: 2, events: [{ event: { stock: 7 } }] } },
          { value: { version: 2, events: [] } }
        ])
      }).pipe(Effect.provide(held(gate)))
    }).pipe(Effect.provide(layer))
  )

  /** The first command's commit fails while the second one, which was decided on it, waits behind it. */
  const abandoned = <A, E, A2, E2>(
    leader: Effect.Effect<A, E, CommandHandler.CommandHandler>,
    follower: Effect.Effect<A2, E2, CommandHandler.CommandHandler>
  ) =>
    Effect.gen(function* () {
      yield* hurry
      const gate = yield* Effect.makeLatch()
      let commits = 0
      const failing = held(gate, () =>
        commits++ === 0 ? Effect.fail(StoreError.make("Full", "no space")) : Effect.void
      )
      return yield* Effect.gen(function* () {
        const first = yield* Effect.fork(Effect.flip(leader))
        yield* settle
        const second = yield* Effect.fork(Effect.exit(follower))
        yield* settle
        yield* gate.open
        expect(yield* Fiber.join(first)).toMatchObject({ _tag: "StoreError", reason: "Full" })
        return yield* Fiber.join(second)
      }).pipe(Effect.provide(failing))
    })

  it.scoped("when that fails: a refusal that would have been an acceptance is decided again", () =>
    Effect.gen(function* () {
      yield* CommandHandler.handle(Account, deposit("alice", 100))
      const exit = yield* abandoned(
        CommandHandler.handle(Account, withdraw("alice", 80)),
        CommandHandler.handle(Account, withdraw("alice", 50))
      )
      expect(exit).toMatchObject({ _tag: "Success", value: { version: 2 } })
      expect((yield* log).map(({ type }) => type)).toEqual(["Deposited", "Withdrawn"])
    }).pipe(Effect.provide(layer))
  )

  it.scoped("an acceptance that would have been a refusal is", () =>
    Effect.gen(function* () {
      const exit = yield* abandoned(
        CommandHandler.handle(Account, deposit("alice", 100)),
        CommandHandler.handle(Account, withdraw("alice", 50))
      )
      expect(exit).toEqual(Exit.fail(new InsufficientFunds({ balance: 0 })))
      expect(yield* log).toEqual([])
    }).pipe(Effect.provide(layer))
  )

  it.scoped("and so is a decision that there is nothing to do", () =>
    Effect.gen(function* () {
      yield* CommandHandler.handle(Product, create())
      const exit = yield* abandoned(
        CommandHandler.handle(Product, updateStock(7)),
        CommandHandler.handle(Product, updateStock(7))
      )
      expect(exit).toMatchObject({
        _tag: "Success",
        value: { version: 2, events: [{ event: { productId } }] }
      })
      expect(yield* log).toHaveLength(2)
    }).pipe(Effect.provide(layer))
  )

  it.scoped("a whole chain that rests on what failed finds the truth, in its order", () =>
    Effect.gen(function* () {
      yield* hurry
      const gate = yield* Effect.makeLatch()
      let commits = 0
      const failing = held(gate, () =>
        commits++ === 0 ? Effect.fail(StoreError.make("Full", "no space")) : Effect.void
      )
      yield* Effect.gen(function* () {
        const fibers = yield* Effect.forEach(at(10), (amount) =>
          Effect.fork(Effect.exit(CommandHandler.handle(Account, deposit("alice", amount))))
        )
        yield* settle
        yield* gate.open
        const exits = yield* Effect.forEach(fibers, Fiber.join)
        expect(exits.filter(Exit.isFailure)).toHaveLength(1)
        const stored = (yield* log).map(({ payload, version }) => [version, JSON.parse(payload).amount])
        expect(stored.map(([version]) => version)).toEqual(at(9))
        expect(stored.map(([, amount]) => amount).sort((a, b) => a - b)).toEqual(at(10).slice(1))
      }).pipe(Effect.provide(failing))
    }).pipe(Effect.provide(layer))
  )

  it.scoped("whoever is interrupted takes back what others were decided on", () =>
    Effect.gen(function* () {
      yield* hurry
      const gate = yield* Effect.makeLatch()
      // Withdrawn, as from the queue of a writer, when it is interrupted before the gate opens.
      const withdrawing = commandsOn((store) => ({
        ...store,
        append: (commit, queued = () => undefined) =>
          Effect.sync(queued).pipe(Effect.zipRight(gate.await), Effect.zipRight(store.append(commit)))
      }))
      yield* Effect.gen(function* () {
        const first = yield* Effect.fork(CommandHandler.handle(Account, deposit("alice", 100)))
        yield* settle
        const second = yield* Effect.fork(Effect.flip(CommandHandler.handle(Account, withdraw("alice", 50))))
        yield* settle
        yield* Fiber.interrupt(first)
        yield* gate.open
        expect(yield* Fiber.join(second)).toEqual(new InsufficientFunds({ balance: 0 }))
        expect(yield* log).toEqual([])
      }).pipe(Effect.provide(withdrawing))
    }).pipe(Effect.provide(layer))
  )
})

describe("another process on the same log", () => {
  const both = Effect.gen(function* () {
    const directory = yield* folder
    const other = yield* Layer.build(sqliteIn(directory))
    const { counts, layer: commands } = counting()
    const stack = yield* Layer.build(sqliteIn(directory))
    const own = yield* Effect.provide(Layer.build(commands), stack)
    return { counts, here: Effect.provide(own), there: Effect.provide(other) }
  })

  it.scoped("is noticed: nobody is accepted or refused on a state that was kept too long", () =>
    Effect.gen(function* () {
      yield* hurry
      const { here, there } = yield* both
      yield* here(CommandHandler.handle(Account, deposit("alice", 100)))
      yield* there(CommandHandler.handle(Account, withdraw("alice", 80)))
      const refused = yield* here(Effect.flip(CommandHandler.handle(Account, withdraw("alice", 50))))
      expect(refused).toEqual(new InsufficientFunds({ balance: 20 }))
      yield* there(CommandHandler.handle(Account, deposit("alice", 30)))
      const { version } = yield* here(CommandHandler.handle(Account, withdraw("alice", 50)))
      expect(version).toBe(4)

      yield* here(CommandHandler.handle(Product, create()))
      yield* there(CommandHandler.handle(Product, updateStock(7)))
      const back = yield* here(CommandHandler.handle(Product, updateStock(100)))
      expect(back.events).toMatchObject([{ version: 3, event: { stock: 100 } }])
    })
  )

  it.scoped("and only what it has written is read", () =>
    Effect.gen(function* () {
      yield* hurry
      const { counts, here, there } = yield* both
      for (const amount of at(600)) yield* here(CommandHandler.handle(Account, deposit("alice", amount)))
      expect(counts).toEqual({ appends: 600, reads: 1 })
      yield* there(CommandHandler.handle(Account, deposit("alice", 1)))
      const { version } = yield* here(CommandHandler.handle(Account, deposit("alice", 1)))
      expect(version).toBe(602)
      // All 601 events would be two pages.
      expect(counts).toEqual({ appends: 602, reads: 2 })
    })
  )
})

describe("on SQLite", () => {
  /** A log that counts its transactions. */
  const counted = Effect.gen(function* () {
    const file = yield* freshFile
    const counts = { transactions: 0 }
    const database = yield* SqliteDatabase.open({
      filename: file,
      applicationId: SqliteLog.applicationId,
      migrations: SqliteLog.migrations,
      durability: "NORMAL"
    })
    const transact: typeof database.transact = (work) =>
      Effect.suspend(() => {
        counts.transactions += 1
        return database.transact(work)
      })
    const store = Layer.scoped(
      EventStore.EventStore,
      Effect.provide(SqliteEventStore.over({ ...database, transact }), QueueDoorbell.layer)
    )
    const layer = Layer.fresh(LogCommandHandler.layer).pipe(
      Layer.provide(store),
      Layer.provide(MemoryStack.layer)
    )
    return { counts, file, context: Effect.provide(yield* Layer.build(layer)) }
  })

  it.scoped("who comes alone has a transaction of one's own; no time passes", () =>
    Effect.gen(function* () {
      const { context, counts } = yield* counted
      for (const n of at(5)) {
        yield* context(CommandHandler.handle(Account, deposit("alice", 1)))
        expect(counts.transactions).toBe(n)
      }
    })
  )

  it.scoped("callers on one stream share a transaction, though each is decided on the one before", () =>
    Effect.gen(function* () {
      const { context, counts, file } = yield* counted
      const raw = yield* connect(file)
      yield* context(CommandHandler.handle(Account, deposit("alice", 10)))
      raw.exec("begin immediate")
      const fibers = yield* Effect.forEach(at(4), (amount) =>
        Effect.fork(Effect.either(context(CommandHandler.handle(Account, withdraw("alice", amount + 1)))))
      )
      yield* settle
      expect((yield* Effect.forEach(fibers, Fiber.poll)).filter(Option.isSome)).toEqual([])
      raw.exec("commit")
      yield* hurry
      const outcomes = yield* Effect.forEach(fibers, Fiber.join)
      expect(outcomes.map(Either.isRight)).toEqual([true, true, true, false])
      expect(outcomes[3]).toEqual(Either.left(new InsufficientFunds({ balance: 1 })))
      expect(counts.transactions).toBe(2)
    })
  )
})
