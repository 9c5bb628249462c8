import { describe, expect, it } from "@effect/vitest"
import type { Engine } from "everfold"
import {
  CommandHandler,
  Leases,
  Ownership,
  Projector,
  Reactor,
  ReadModel,
  StoreError,
  Subscriber,
  SubscriptionControl,
  SubscriptionRegistry,
  Subscriptions
} from "everfold"
import { SqliteStack } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import * as ExecutionStrategy from "effect/ExecutionStrategy"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { Account, Balances, deposit, Deposited, Letter, Letters, rowOf, withdraw } from "../Bank.ts"
import { deposits, errors, folder, hurry, log, recorder, stacks, warnings, wrapped } from "./Stacks.ts"

const balance = Effect.map(ReadModel.get(Balances, "alice"), rowOf)
const both = Layer.mergeAll(Projector.layer(Balances), Reactor.layer(Letters, [Letter]))

/** Returns when every subscriber has come to this. */
const everybodyIs = (status: Subscriptions.Status) =>
  Effect.flatMap(Subscriptions.Subscriptions, ({ all }) =>
    Effect.flatMap(
      all,
      Effect.forEach((one) => one.until((state) => state.status === status), { discard: true })
    )
  )

/** The lease of a subscriber. */
const leaseOf = (name: string) =>
  Effect.flatMap(Leases.Leases, ({ all }) =>
    Effect.map(all, (leases) => leases.find(({ subscriber }) => subscriber === name))
  )

/** Something that runs until it is ended. */
const until = <A, E, R>(layer: Layer.Layer<A, E, R>) =>
  Effect.gen(function* () {
    const scope = yield* Scope.fork(yield* Effect.scope, ExecutionStrategy.sequential)
    const context = yield* Layer.buildWithScope(Layer.fresh(layer), scope)
    return { here: Effect.provide(context), end: Scope.close(scope, Exit.void) }
  })

/** A runner of subscribers beside others on one stack. While it is cut off, its leases are not extended. */
const runner = <A, E>(running: Layer.Layer<A, E, Engine.Stack>, line = { isCut: false }) =>
  until(
    running.pipe(
      Layer.provideMerge(SubscriptionRegistry.layer),
      Layer.provideMerge(Ownership.layer({ lease: "3 seconds" })),
      Layer.provide(
        wrapped(Leases.Leases, (leases) => ({
          ...leases,
          hold: (...args) => Effect.suspend(() => (line.isCut ? cut : leases.hold(...args)))
        }))
      )
    )
  )

const cut = Effect.fail(StoreError.make("Unavailable", "the line is cut"))

const withdrawals = (count: number) =>
  Effect.gen(function* () {
    yield* CommandHandler.handle(Account, deposit("alice", 100))
    for (let n = 0; n < count; n++) yield* CommandHandler.handle(Account, withdraw("alice", 1))
  })

const letters = Effect.map(log, (events) => events.filter(({ type }) => type === "Sent").length)

describe.each(stacks)("two that run the same subscribers on $name", ({ layer }) => {
  it.scoped("the first one works, the other one follows it, and answers as well", () =>
    Effect.gen(function* () {
      yield* hurry
      const first = yield* runner(both)
      const second = yield* runner(both)
      yield* second.here(everybodyIs("Elsewhere"))
      yield* withdrawals(3)
      for (const { here } of [first, second]) {
        yield* here(Subscriptions.settled)
        expect(yield* here(balance)).toEqual({ accountId: "alice", balance: 97, applied: 4 })
      }
      yield* first.here(everybodyIs("Live"))
      const states = yield* second.here(Subscriptions.status)
      const theirs = (yield* first.here(Subscriptions.status)).map(({ time }) => time)
      expect(states.map(({ status }) => status)).toEqual(["Elsewhere", "Elsewhere"])
      expect(states.map(({ time }) => time)).toEqual(theirs)
      expect(yield* letters).toBe(3)
      expect(yield* leaseOf("letters")).toMatchObject({ epoch: 1, paused: false })
    }).pipe(Effect.provide(layer))
  )

  it.scoped("the other one takes over when the first one ends: nothing twice, nothing left out", () =>
    Effect.gen(function* () {
      yield* hurry
      const [one, two] = [recorder(), recorder()]
      const first = yield* runner(Layer.mergeAll(both, one.layer))
      const second = yield* runner(Layer.mergeAll(both, two.layer))
      yield* deposits(100)
      yield* first.here(Subscriptions.settled)
      const before = yield* leaseOf("recorder")
      yield* first.end
      yield* second.here(everybodyIs("Live"))
      const after = yield* leaseOf("recorder")
      expect([before?.epoch, after?.epoch]).toEqual([1, 2])
      expect(after?.owner).not.toBe(before?.owner)
      yield* CommandHandler.handle(Account, withdraw("alice", 1))
      yield* second.here(Subscriptions.settled)
      expect([one.seen, two.seen]).toEqual([[1], [2]])
      expect(yield* second.here(balance)).toEqual({ accountId: "alice", balance: 99, applied: 2 })
      expect(yield* letters).toBe(1)
    }).pipe(Effect.provide(layer))
  )

  it.scoped(
    "a subscriber that is stopped ends here, at once and alone; the other program takes it over",
    () =>
      Effect.gen(function* () {
        yield* hurry
        const [one, two] = [recorder(), recorder()]
        const first = yield* runner(Layer.mergeAll(both, one.layer))
        const second = yield* runner(Layer.mergeAll(both, two.layer))
        yield* deposits(1)
        yield* first.here(Subscriptions.settled)
        const former = yield* first.here(Subscriptions.running(one.subscriber))
        yield* first.here(SubscriptionControl.stop(one.subscriber))
        expect(yield* Effect.flip(former.reached(9))).toMatchObject({ details: "because it was closed" })
        const left = yield* first.here(Subscriptions.status)
        expect(left.map(({ name, status }) => `${name} ${status}`)).toEqual(["balances Live", "letters Live"])
        yield* second.here(
          Effect.flatMap(Subscriptions.running(two.subscriber), ({ until }) =>
            until(({ status }) => status === "Live")
          )
        )
        yield* deposits(2)
        yield* Effect.all([first.here(Subscriptions.settled), second.here(Subscriptions.settled)])
        expect([one.seen, two.seen]).toEqual([[1], [2]])
        // Again, and where nobody has that name.
        yield* first.here(SubscriptionControl.stop(one.subscriber))
      }).pipe(Effect.provide(layer))
  )

  it.scoped("a handler that stops its own subscriber leaves its event to whoever comes next", () =>
    Effect.gen(function* () {
      const tired = Subscriber.make("tired", { events: [Deposited] }).on({
        Deposited: () => SubscriptionControl.stop({ name: "tired" })
      })
      const { here } = yield* runner(Subscriber.layer(tired))
      const { reached } = yield* here(Subscriptions.running(tired))
      yield* deposits(1)
      expect(yield* Effect.flip(reached(1))).toMatchObject({ position: 0, details: "because it was closed" })
      expect(yield* here(Subscriptions.status)).toEqual([])
    }).pipe(Effect.provide(layer))
  )

  it.scoped("gives its leases back when it ends", () =>
    Effect.gen(function* () {
      const { end } = yield* runner(both)
      expect((yield* leaseOf("balances"))?.owner).not.toBe("")
      yield* end
      for (const name of ["balances", "letters"]) {
        expect(yield* leaseOf(name)).toMatchObject({ owner: "", until: 0, epoch: 1 })
      }
    }).pipe(Effect.provide(layer))
  )

  it.scoped(
    "the other one takes over when nothing is heard of the first one, which changes nothing then",
    () => {
      const failures = errors()
      const { layer: logger, lines } = warnings()
      return Effect.gen(function* () {
        yield* hurry
        const line = { isCut: false }
        const first = yield* runner(both, line)
        const second = yield* runner(both)
        yield* withdrawals(1)
        yield* first.here(Subscriptions.settled)
        line.isCut = true
        yield* second.here(everybodyIs("Live"))
        // The first one does not know yet, and tries.
        yield* withdrawals(3)
        yield* second.here(Subscriptions.settled)
        line.isCut = false
        yield* first.here(everybodyIs("Elsewhere"))
        yield* withdrawals(2)
        for (const { here } of [first, second]) {
          yield* here(Subscriptions.settled)
          expect(yield* here(balance)).toEqual({ accountId: "alice", balance: 294, applied: 9 })
        }
        expect(yield* letters).toBe(6)
        expect(yield* leaseOf("letters")).toMatchObject({ epoch: 2 })
        expect(lines.join("\n")).toContain("leases could not be extended: Unavailable: the line is cut")
        expect(failures.lines).toEqual([])
      }).pipe(Effect.provide(layer), Effect.provide(logger), Effect.provide(failures.layer))
    }
  )

  it.scoped("the lease says what whoever has it does", () =>
    Effect.gen(function* () {
      yield* hurry
      const { here } = yield* runner(both)
      yield* deposits(1, 2)
      yield* here(Subscriptions.settled)
      yield* Effect.repeat(Effect.zipLeft(leaseOf("balances"), Effect.yieldNow()), {
        until: (lease) => JSON.parse(lease?.report ?? "{}").position === 2
      })
      expect(JSON.parse((yield* leaseOf("balances"))?.report ?? "{}")).toMatchObject({
        name: "balances",
        kind: "Projection",
        status: "Live",
        position: 2,
        parked: 0
      })
    }).pipe(Effect.provide(layer))
  )
})

describe("two programs on the files of one folder", () => {
  it.scopedLive("the second one follows, and takes over when the first one ends", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      const stack = SqliteStack.layer({
        directory,
        durability: "NORMAL",
        lease: "600 millis",
        poll: "20 millis"
      })
      const first = yield* until(Layer.provideMerge(both, stack))
      const second = yield* until(Layer.provideMerge(both, stack))
      yield* second.here(everybodyIs("Elsewhere"))
      yield* first.here(withdrawals(2))
      yield* second.here(Subscriptions.settled)
      expect(yield* second.here(balance)).toMatchObject({ balance: 98 })
      yield* first.end
      yield* second.here(everybodyIs("Live"))
      yield* second.here(withdrawals(2))
      yield* second.here(Subscriptions.settled)
      expect(yield* second.here(balance)).toEqual({ accountId: "alice", balance: 196, applied: 6 })
      expect(yield* second.here(letters)).toBe(4)
    })
  )
})
