import { describe, expect, it } from "@effect/vitest"
import type { Subscriptions as Running } from "everfold"
import {
  CommandHandler,
  EventStore,
  ProjectionStore,
  Projector,
  Reactor,
  ReadModel,
  StoreError,
  Subscriptions
} from "everfold"
import type { SqliteStack } from "everfold/sqlite"
import Database from "better-sqlite3"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import { copyFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { Account, Balances, deposit, Journal, Letter, Letters, Notes, rowOf, withdraw } from "../Bank.ts"
import { deposits, errors, folder, hurry, log, recorder, sqliteIn, stateOf, wrapped } from "./Stacks.ts"

/** One run of a program on the files of a folder. */
const run =
  (directory: string) =>
  <A, E>(program: Effect.Effect<A, E, SqliteStack.Stack>) =>
    Effect.provide(program, sqliteIn(directory))

const balance = Effect.map(ReadModel.get(Balances, "alice"), rowOf)
const projector = Projector.layer(Balances)
const post = Layer.mergeAll(Reactor.layer(Letters, [Letter]), Reactor.layer(Notes, [Journal]))

const deletedReadDatabase = (directory: string) =>
  Effect.sync(() => {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(join(directory, `read.db${suffix}`), { force: true })
  })

/** Who was not restarted has not been told: the number of events of each type. */
const types = Effect.map(log, (events) =>
  events.reduce<Record<string, number>>((all, { type }) => ({ ...all, [type]: (all[type] ?? 0) + 1 }), {})
)

const trade = Effect.gen(function* () {
  yield* CommandHandler.handle(Account, deposit("alice", 100))
  yield* CommandHandler.handle(Account, withdraw("alice", 10))
  yield* CommandHandler.handle(Account, withdraw("alice", 20))
})

describe("a restart", () => {
  it.scoped("goes on where it was: nothing twice, nothing left out", () =>
    Effect.gen(function* () {
      const once = run(yield* folder)
      const program = (amount: number) => {
        const { layer, seen } = recorder()
        return Effect.gen(function* () {
          yield* deposits(amount)
          yield* Subscriptions.settled
          return { seen, row: yield* balance }
        }).pipe(Effect.provide(Layer.mergeAll(projector, layer)))
      }
      expect(yield* once(program(1))).toMatchObject({ seen: [1], row: { balance: 1, applied: 1 } })
      yield* once(deposits(2, 3))
      expect(yield* once(program(4))).toMatchObject({ seen: [2, 3, 4], row: { balance: 10, applied: 4 } })
      expect(yield* once(program(5))).toMatchObject({ seen: [5], row: { balance: 15, applied: 5 } })
    })
  )

  it.scoped("a subscriber that had halted goes on with the event that it halted on", () => {
    const { layer: logger, lines } = errors()
    return Effect.gen(function* () {
      const once = run(yield* folder)
      const halting = Projector.layer({
        ...Balances,
        apply: (row, recorded) => {
          if (recorded.position === 3) throw new Error("boom")
          return Balances.apply(row, recorded)
        }
      })
      yield* once(deposits(1, 2, 3, 4))
      yield* once(Effect.provide(Effect.flip(Subscriptions.settled), halting))
      expect(lines).toHaveLength(1)
      const row = yield* once(Effect.provide(Effect.zipRight(Subscriptions.settled, balance), projector))
      expect(row).toEqual({ accountId: "alice", balance: 10, applied: 4 })
    }).pipe(Effect.provide(logger))
  })

  it.scoped("a deleted read database is built again; effects and reactions do not happen again", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      const once = run(directory)
      const program = <A, E, R>(before: Effect.Effect<A, E, R>) => {
        const { layer, seen } = recorder()
        return Effect.gen(function* () {
          yield* before
          yield* Subscriptions.settled
          return { seen, row: yield* balance, types: yield* types }
        }).pipe(Effect.provide(Layer.mergeAll(projector, layer, post)))
      }
      const first = yield* once(program(trade))
      expect(first).toMatchObject({
        row: { balance: 70, applied: 3 },
        types: { Withdrawn: 2, Sent: 2, Noted: 4 }
      })
      expect(first.seen).toEqual([1, 2, expect.any(Number)])

      yield* deletedReadDatabase(directory)
      const second = yield* once(program(Effect.void))
      expect(second).toEqual({ ...first, seen: [] })
    })
  )
})

describe("a log that was put back from a plain copy", () => {
  it.scoped.each([
    { when: "at once", starts: [[2, 3, 4]], meanwhile: [] },
    { when: "at once, in an earlier epoch", starts: [[2], [3], [4]], meanwhile: [] },
    { when: "when it has grown further", starts: [[2, 3, 4]], meanwhile: [40, 50, 60] },
    { when: "when it has grown further, in an earlier epoch", starts: [[2], [3], [4]], meanwhile: [40, 50] }
  ])("rows are built again: its projector starts $when", ({ meanwhile, starts }) =>
    Effect.gen(function* () {
      const directory = yield* folder
      const once = run(directory)
      const [log, copy] = [join(directory, "log.db"), join(yield* folder, "log.db")]
      const row = Effect.provide(Effect.zipRight(Subscriptions.settled, balance), projector)
      yield* once(deposits(1))
      expect(yield* once(row)).toEqual({ accountId: "alice", balance: 1, applied: 1 })
      copyFileSync(log, copy)
      // Each start begins an epoch.
      for (const amounts of starts) yield* once(Effect.zipRight(deposits(...amounts), row))
      copyFileSync(copy, log)
      yield* TestClock.adjust("1 minute")
      yield* once(deposits(10, 20, ...meanwhile))
      const amounts = [1, 10, 20, ...meanwhile]
      expect(yield* once(row)).toEqual({
        accountId: "alice",
        balance: amounts.reduce((sum, amount) => sum + amount),
        applied: amounts.length
      })
    })
  )
})

describe("two programs with the same subscribers on the same files", () => {
  it.scopedLive("each event counts once, each command happens once, and neither halts", () => {
    const { layer: logger, lines } = errors()
    return Effect.gen(function* () {
      const directory = yield* folder
      const running = Layer.mergeAll(projector, post)
      const program = Layer.provideMerge(
        running,
        Layer.suspend(() => sqliteIn(directory))
      )
      const both = yield* Effect.all([Layer.build(Layer.fresh(program)), Layer.build(Layer.fresh(program))])
      const there =
        (index: number) =>
        <A, E, R>(effect: Effect.Effect<A, E, R>) =>
          Effect.provide(effect, both[index % 2] ?? both[0])

      yield* there(0)(CommandHandler.handle(Account, deposit("alice", 1000)))
      for (let index = 0; index < 20; index++) {
        yield* there(index)(CommandHandler.handle(Account, withdraw("alice", 10)))
      }
      yield* there(0)(Subscriptions.settled)
      yield* there(1)(Subscriptions.settled)
      expect(lines).toEqual([])
      expect(yield* there(1)(balance)).toEqual({ accountId: "alice", balance: 800, applied: 21 })
      expect(yield* there(0)(types)).toEqual({ Deposited: 1, Withdrawn: 20, Sent: 20, Noted: 40 })
    }).pipe(Effect.provide(logger))
  })
})

type Rows = typeof ProjectionStore.ProjectionStore.Service
type Log = typeof EventStore.EventStore.Service

const lost = Effect.fail(StoreError.make("Unavailable", "the connection broke"))

describe("a crash between rows and checkpoint", () => {
  /** A run that is killed when it has come to `crash`. */
  const killed = (
    directory: string,
    running: (
      crash: Effect.Effect<never>
    ) => Layer.Layer<never, Running.DuplicateSubscriber, SqliteStack.Stack>
  ) =>
    Effect.gen(function* () {
      const reached = yield* Deferred.make<void>()
      const scope = yield* Scope.make()
      const crash = Effect.zipRight(Deferred.succeed(reached, undefined), Effect.never)
      yield* Layer.buildWithScope(Layer.provide(running(crash), sqliteIn(directory)), scope)
      yield* Deferred.await(reached)
      yield* Scope.close(scope, Exit.void)
    })
  const writing = (change: (write: Rows["write"]) => Rows["write"]) =>
    projector.pipe(
      Layer.provide(
        wrapped(ProjectionStore.ProjectionStore, (store) => ({ ...store, write: change(store.write) }))
      ),
      Layer.discard
    )
  const appending = (change: (append: Log["append"]) => Log["append"]) =>
    Layer.mergeAll(Reactor.layer(Letters, [Letter])).pipe(
      Layer.provide(wrapped(EventStore.EventStore, (store) => ({ ...store, append: change(store.append) }))),
      Layer.discard
    )

  it.scoped.each([
    { when: "before the rows are stored", late: false },
    { when: "after they are stored", late: true }
  ])("a projector killed $when counts each event once", ({ late }) =>
    Effect.gen(function* () {
      const directory = yield* folder
      yield* run(directory)(deposits(1, 2, 3))
      yield* killed(directory, (crash) =>
        writing((write) => (batch) => (late ? Effect.zipRight(write(batch), crash) : crash))
      )
      const row = yield* run(directory)(
        Effect.provide(Effect.zipRight(Subscriptions.settled, balance), projector)
      )
      expect(row).toEqual({ accountId: "alice", balance: 6, applied: 3 })
    })
  )

  it.scoped("the rows cannot be stored: the checkpoint has not moved either", () => {
    const { layer: logger, lines } = errors()
    return Effect.gen(function* () {
      const directory = yield* folder
      yield* run(directory)(deposits(1))
      yield* run(directory)(Effect.provide(Subscriptions.settled, projector))
      yield* run(directory)(deposits(2, 3))
      const inRows = (statement: string) =>
        Effect.acquireUseRelease(
          Effect.sync(() => new Database(join(directory, "read.db"))),
          (database) => Effect.sync(() => database.exec(statement)),
          (database) => Effect.sync(() => database.close())
        )
      yield* inRows("create trigger crash before insert on rows begin select raise(abort, 'crash'); end")
      const failed = yield* run(directory)(
        Effect.provide(
          Effect.all([
            Effect.flip(Subscriptions.settled),
            stateOf("balances"),
            ReadModel.get(Balances, "alice")
          ]),
          projector
        )
      )
      expect(failed[1]).toMatchObject({ status: "Halted", position: 1 })
      expect(failed[2].asOf.position).toBe(1)
      expect(lines).toHaveLength(1)
      yield* inRows("drop trigger crash")
      const row = yield* run(directory)(
        Effect.provide(Effect.zipRight(Subscriptions.settled, balance), projector)
      )
      expect(row).toEqual({ accountId: "alice", balance: 6, applied: 3 })
    }).pipe(Effect.provide(logger))
  })

  it.scoped("an answer that got lost on its way back: neither rows nor commands happen twice", () =>
    Effect.gen(function* () {
      yield* hurry
      const directory = yield* folder
      let losses = 4
      const loseAnswer = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
        Effect.flatMap(effect, (value): Effect.Effect<A, StoreError.StoreError> =>
          losses-- > 0 ? lost : Effect.succeed(value)
        )
      const running = Layer.mergeAll(
        writing((write) => (batch) => loseAnswer(write(batch))),
        appending((append) => (commit) => loseAnswer(append(commit)))
      )
      yield* run(directory)(
        Effect.gen(function* () {
          yield* trade
          yield* Subscriptions.settled
          expect(yield* types).toEqual({ Deposited: 1, Withdrawn: 2, Sent: 2 })
        }).pipe(Effect.provide(running))
      )
      const row = yield* run(directory)(Effect.provide(balance, projector))
      expect(row).toEqual({ accountId: "alice", balance: 70, applied: 3 })
      expect(losses).toBeLessThanOrEqual(0)
    })
  )

  it.scoped.each([
    { when: "before its commands are committed", late: false },
    { when: "after they are committed", late: true }
  ])("a reaction killed $when has them happen once", ({ late }) =>
    Effect.gen(function* () {
      const directory = yield* folder
      yield* run(directory)(trade)
      yield* killed(directory, (crash) =>
        appending((append) => (commit) => {
          if (commit.parts.length === 0) return append(commit)
          return late ? Effect.zipRight(append(commit), crash) : crash
        })
      )
      const counted = yield* run(directory)(
        Effect.provide(Effect.zipRight(Subscriptions.settled, types), post)
      )
      expect(counted).toEqual({ Deposited: 1, Withdrawn: 2, Sent: 2, Noted: 4 })
    })
  )
})
