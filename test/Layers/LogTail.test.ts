import { describe, expect, it } from "@effect/vitest"
import {
  CommandHandler,
  Doorbell,
  EventStore,
  LogCommandHandler,
  LogTail,
  MemoryEventStore,
  MemorySnapshots,
  MessageBus,
  QueueDoorbell,
  Snapshotter,
  StoreError,
  UuidIds
} from "everfold"
import type { Event } from "everfold"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import {
  Account,
  deposit,
  Deposited,
  deposited,
  Journal,
  Note,
  Withdrawn,
  withdraw,
  withdrawn
} from "../Bank.ts"
import {
  broken,
  bus,
  errors,
  folder,
  hurry,
  listening,
  restless,
  settle,
  sqliteIn,
  stacks,
  wrapped
} from "./Stacks.ts"

const command = (amount: number) => CommandHandler.handle(Account, deposit("alice", amount))

const positions = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

/** The positions of the next events that a listener hears. */
const hear = <E extends { readonly position: number }>(heard: Queue.Dequeue<E>, count: number) =>
  Queue.takeN(heard, count).pipe(Effect.map((events) => [...events].map(({ position }) => position)))

describe.each(stacks)("the bus on $name", ({ layer }) => {
  it.scoped("a listener hears every commit once, in the order of the log, decoded", () =>
    Effect.gen(function* () {
      const early = yield* listening(Account.events)
      yield* command(1)
      expect(yield* hear(early.heard, 1)).toEqual([1])
      const { heard } = yield* listening(Account.events)
      yield* Effect.forEach(positions(3), command, { concurrency: 3 })
      yield* CommandHandler.handle(Account, withdraw("alice", 2))
      expect(yield* hear(heard, 3)).toEqual([2, 3, 4])
      expect(yield* Queue.take(heard)).toMatchObject({
        stream: "Account-alice",
        position: 5,
        event: withdrawn("alice", 2)
      })
      expect(yield* Queue.size(heard)).toBe(0)
    }).pipe(Effect.provide(layer))
  )

  it.scoped("a listener hears only the types that it asked for", () =>
    Effect.gen(function* () {
      const { heard } = yield* listening([Withdrawn])
      yield* command(5)
      yield* CommandHandler.handle(Journal, Note.make({ journalId: "j", text: "not for it" }))
      yield* CommandHandler.handle(Account, withdraw("alice", 2))
      expect((yield* Queue.take(heard)).position).toBe(3)
    }).pipe(Effect.provide(layer))
  )

  it.scoped("everybody hears everything", () =>
    Effect.gen(function* () {
      const listeners = yield* Effect.replicateEffect(listening([Deposited]), 3)
      yield* Effect.forEach(positions(5), command)
      for (const { heard } of listeners) expect(yield* hear(heard, 5)).toEqual(positions(5))
    }).pipe(Effect.provide(layer))
  )

  it.scoped("who was overtaken is told what it missed; who was not has heard everything", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const slow = yield* MessageBus.listen([Deposited]).pipe(
        Stream.tap(() => Deferred.await(gate)),
        Stream.runDrain,
        Effect.fork
      )
      const healthy = yield* listening([Deposited])
      for (const position of positions(12)) {
        yield* command(position)
        // A page for each commit: the bus has seen this one before there is another.
        expect(yield* hear(healthy.heard, 1)).toEqual([position])
      }
      yield* Deferred.succeed(gate, undefined)
      expect({ ...(yield* Effect.flip(Fiber.join(slow))) }).toEqual({ _tag: "Lagged", after: 1, to: 8 })
    }).pipe(Effect.provide(bus({ capacity: 4 }, restless)), Effect.provide(layer))
  )

  it.scoped("for whoever takes nothing a few pages are kept, the newest ones, and no more", () =>
    Effect.gen(function* () {
      const { pages } = yield* Effect.flatMap(MessageBus.MessageBus, (it) => it.subscribe)
      const healthy = yield* listening([Deposited])
      for (const position of positions(12)) {
        yield* command(position)
        expect(yield* hear(healthy.heard, 1)).toEqual([position])
      }
      const kept = yield* Queue.takeAll(pages)
      expect([...kept].map(({ to }) => to)).toEqual([9, 10, 11, 12])
    }).pipe(Effect.provide(bus({ capacity: 4 }, restless)), Effect.provide(layer))
  )

  it.scoped("who was overtaken before its first page is told as well", () =>
    Effect.gen(function* () {
      const pages = yield* Queue.bounded<Event.Page>(1)
      yield* Queue.offer(pages, { after: 7, to: 8, time: 0, events: [] })
      const feed = Layer.succeed(MessageBus.MessageBus, { subscribe: Effect.succeed({ after: 3, pages }) })
      const missed = yield* MessageBus.listen([Deposited]).pipe(
        Stream.runDrain,
        Effect.flip,
        Effect.provide(feed)
      )
      expect({ ...missed }).toEqual({ _tag: "Lagged", after: 3, to: 7 })
    })
  )

  it.scoped("a doorbell that never rings: the poll finds every commit", () =>
    Effect.gen(function* () {
      yield* hurry
      const { heard } = yield* listening([Deposited])
      yield* Effect.forEach(positions(3), command)
      expect(yield* hear(heard, 3)).toEqual(positions(3))
      yield* command(4)
      expect(yield* hear(heard, 1)).toEqual([4])
    }).pipe(Effect.provide(bus({ poll: "1 second" }, broken)), Effect.provide(layer))
  )

  it.scoped("a doorbell that never stops: nothing is published twice", () =>
    Effect.gen(function* () {
      const { heard } = yield* listening([Deposited])
      yield* Effect.forEach(positions(20), command, { discard: true })
      expect(yield* hear(heard, 20)).toEqual(positions(20))
      expect(yield* Queue.size(heard)).toBe(0)
    }).pipe(Effect.provide(bus({}, restless)), Effect.provide(layer))
  )

  it.scoped("a burst of commits overtakes nobody: what comes together is one page", () =>
    Effect.gen(function* () {
      const { pages } = yield* Effect.flatMap(MessageBus.MessageBus, (it) => it.subscribe)
      const toItsOwn = (n: number) => CommandHandler.handle(Account, deposit(`of-${n}`, 1))
      yield* Effect.forEach(positions(100), toItsOwn, { concurrency: "unbounded", discard: true })
      yield* settle
      const kept = yield* Queue.takeAll(pages)
      expect([...kept].flatMap(({ events }) => events.map(({ position }) => position))).toEqual(
        positions(100)
      )
    }).pipe(Effect.provide(layer))
  )

  it.scoped("closing the program ends the bus and its listeners", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(layer, scope)
      const { fiber } = yield* listening([Deposited]).pipe(Effect.provide(context))
      const { pages } = yield* Effect.provide(
        Effect.flatMap(MessageBus.MessageBus, (it) => it.subscribe),
        context
      )
      yield* Scope.close(scope, Exit.void)
      expect(yield* Fiber.await(fiber)).toEqual(Exit.void)
      expect(yield* Queue.isShutdown(pages)).toBe(true)
    })
  )

  it.scoped("a listener that leaves takes nothing with it", () =>
    Effect.gen(function* () {
      const leaver = yield* listening([Deposited])
      const stayer = yield* listening([Deposited])
      yield* Fiber.interrupt(leaver.fiber)
      yield* command(1)
      expect(yield* hear(stayer.heard, 1)).toEqual([1])
      expect(yield* Queue.size(leaver.heard)).toBe(0)
    }).pipe(Effect.provide(layer))
  )
})

describe("the bus over a log that fails", () => {
  /** A log in memory whose bus cannot read it so many times. Nothing polls: a ring is all that the bus gets. */
  const failing = (times: number, failure: Effect.Effect<never, StoreError.StoreError>) => {
    let left = times
    const unreliable = wrapped(EventStore.EventStore, (store) => ({
      ...store,
      readAll: (query) => Effect.suspend(() => (left-- > 0 ? failure : store.readAll(query)))
    }))
    return LogCommandHandler.layer.pipe(
      Layer.merge(LogTail.layer().pipe(Layer.provide(unreliable))),
      Layer.provide(Layer.provide(Snapshotter.layer, MemorySnapshots.layer)),
      Layer.provideMerge(MemoryEventStore.layer),
      Layer.provide(silent),
      Layer.provideMerge(UuidIds.layer)
    )
  }
  /** A doorbell that brings nothing, so that the bus has to read. */
  const silent = Layer.effect(
    Doorbell.Doorbell,
    Effect.map(QueueDoorbell.make, ({ ring, rung }) => ({ ring: () => ring(), rung }))
  )

  it.effect.each([
    { what: "a typed failure", failure: Effect.fail(StoreError.make("Unavailable", "the disk is away")) },
    { what: "a defect", failure: Effect.die(new Error("the driver is broken")) }
  ])("goes on where it was after $what", ({ failure }) => {
    const { layer: logger, lines } = errors()
    return Effect.gen(function* () {
      yield* hurry
      const { heard } = yield* listening([Deposited])
      yield* command(1)
      expect(yield* hear(heard, 1)).toEqual([1])
      yield* command(2)
      expect(yield* hear(heard, 1)).toEqual([2])
      expect(lines.filter((line) => line.includes("the bus could not read the log"))).toHaveLength(3)
    }).pipe(Effect.scoped, Effect.provide(failing(3, failure)), Effect.provide(logger))
  })
})

describe("two programs on one SQLite log", () => {
  it.scoped("each hears what the other commits, once, in one order", () =>
    Effect.gen(function* () {
      yield* hurry
      const directory = yield* folder
      const [one, two] = yield* Effect.all([
        Layer.build(sqliteIn(directory)),
        Layer.build(sqliteIn(directory))
      ])
      const here = yield* listening([Deposited]).pipe(Effect.provide(one))
      const there = yield* listening([Deposited]).pipe(Effect.provide(two))
      for (const amount of positions(10)) {
        yield* Effect.provide(command(amount), amount % 3 === 0 ? one : two)
      }
      const both = yield* Effect.all([Queue.takeN(here.heard, 10), Queue.takeN(there.heard, 10)])
      for (const heard of both) {
        expect([...heard].map(({ event, position }) => [position, event])).toEqual(
          positions(10).map((position) => [position, deposited("alice", position)])
        )
      }
    })
  )
})
