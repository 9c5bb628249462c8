import { describe, expect, it } from "@effect/vitest"
import type { Event } from "everfold"
import {
  CommandHandler,
  EventStore,
  MessageBus,
  Ownership,
  ProjectionStore,
  Projector,
  Reactor,
  ReadModel,
  StoreError,
  Subscriber,
  SubscriptionRegistry,
  Subscriptions
} from "everfold"
import type * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import { Account, Balances, deposit, Deposited, Letter, Letters, rowOf, withdraw } from "../Bank.ts"
import {
  broken,
  bus,
  deposits,
  errors,
  folder,
  hurry,
  log,
  manyDeposits,
  recorder,
  sqliteIn,
  stacks,
  stateOf,
  wrapped
} from "./Stacks.ts"

const balance = Effect.map(ReadModel.get(Balances, "alice"), rowOf)

type Meddling = (page: Event.Page, earlier: ReadonlyArray<Event.Page>) => ReadonlyArray<Event.Page>

/** A bus between the bus and its readers, which makes of each page what it likes. */
const meddling = (change: Meddling) =>
  wrapped(MessageBus.MessageBus, (real) => ({
    subscribe: Effect.gen(function* () {
      const { after, pages } = yield* real.subscribe
      const changed = yield* Queue.bounded<Event.Page>(100)
      const earlier: Array<Event.Page> = []
      const pass = (page: Event.Page) =>
        Effect.tap(Queue.offerAll(changed, change(page, earlier)), () => earlier.push(page))
      yield* Effect.forkScoped(Effect.forever(Effect.flatMap(Queue.take(pages), pass)))
      return { after, pages: changed }
    })
  }))

const meddlers: ReadonlyArray<{ readonly how: string; readonly change: Meddling }> = [
  { how: "twice", change: (page) => [page, page] },
  { how: "with older ones around them", change: (page, earlier) => [...earlier, page, ...earlier] },
  {
    how: "together with all that went before",
    change: (page, earlier) => [
      { ...page, after: 0, events: [...earlier, page].flatMap(({ events }) => events) }
    ]
  },
  { how: "except for the first", change: (page) => (page.to === 6 ? [page] : []) }
]

describe.each(stacks)("subscribers on $name", ({ layer }) => {
  it.effect("what was there before is caught up with, page by page, then what comes", () =>
    Effect.gen(function* () {
      yield* manyDeposits(1203)
      const { layer: subscriber, seen } = recorder()
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        yield* deposits(2)
        yield* Subscriptions.settled
        expect(seen).toEqual(Array.from({ length: 1204 }, (_, index) => index + 1))
        expect(yield* balance).toEqual({ accountId: "alice", balance: 1205, applied: 1204 })
        expect(yield* Subscriptions.status).toMatchObject([
          { name: "balances", kind: "Projection", status: "Live", position: 1204, errors: 0, parked: 0 },
          { name: "recorder", kind: "Subscriber", status: "Live", position: 1204, errors: 0, parked: 0 }
        ])
      }).pipe(Effect.provide(Layer.mergeAll(Projector.layer(Balances), subscriber)))
    }).pipe(Effect.provide(layer))
  )

  it.effect.each(meddlers)("pages that the bus delivers $how are dealt with once", ({ change }) => {
    const { layer: recording, seen } = recorder()
    const running = Layer.mergeAll(Projector.layer(Balances), recording, Reactor.layer(Letters, [Letter]))
    return Effect.gen(function* () {
      for (const amount of [1, 2, 3, 4, 5, 6]) {
        yield* deposits(amount)
        yield* Effect.yieldNow()
      }
      yield* Subscriptions.settled
      yield* Effect.yieldNow()
      expect(seen).toEqual([1, 2, 3, 4, 5, 6])
      expect(yield* balance).toEqual({ accountId: "alice", balance: 21, applied: 6 })
    }).pipe(Effect.provide(running.pipe(Layer.provide(meddling(change)))), Effect.provide(layer))
  })

  it.scoped("nobody rings: the poll is enough for everything", () => {
    const { layer: recording, seen } = recorder()
    return Effect.gen(function* () {
      yield* hurry
      yield* deposits(1, 2)
      yield* deposits(3)
      yield* Subscriptions.settled
      expect(seen).toEqual([1, 2, 3])
    }).pipe(
      Effect.provide(recording),
      Effect.provide(bus({ poll: "1 minute" }, broken)),
      Effect.provide(layer)
    )
  })

  it.live("two runners of the same subscribers: each event counts once, each command happens once", () => {
    const running = () =>
      Layer.mergeAll(Projector.layer(Balances), Reactor.layer(Letters, [Letter])).pipe(
        Layer.provideMerge(SubscriptionRegistry.layer),
        Layer.provide(Ownership.layer())
      )
    return Effect.gen(function* () {
      const runners = yield* Effect.all([Layer.build(running()), Layer.build(running())])
      yield* CommandHandler.handle(Account, deposit("alice", 100))
      for (const amount of [1, 2, 3, 4, 5]) yield* CommandHandler.handle(Account, withdraw("alice", amount))
      for (const runner of runners) yield* Effect.provide(Subscriptions.settled, runner)
      for (const [index, status] of ["Live", "Elsewhere"].entries()) {
        const states = yield* Effect.provide(Subscriptions.status, runners[index] ?? runners[0])
        expect(states.map((state) => state.status)).toEqual([status, status])
      }
      for (const runner of runners) {
        expect(yield* Effect.provide(balance, runner)).toEqual({
          accountId: "alice",
          balance: 85,
          applied: 6
        })
      }
      expect((yield* log).filter(({ type }) => type === "Sent")).toHaveLength(5)
    }).pipe(Effect.scoped, Effect.provide(layer))
  })

  it.effect("a name belongs to one subscriber", () => {
    const twice = Layer.mergeAll(recorder("audit").layer, recorder("audit").layer)
    return Effect.gen(function* () {
      const refused = yield* Effect.flip(Effect.scoped(Layer.build(twice)))
      expect({ ...refused }).toEqual({ _tag: "DuplicateSubscriber", subscriber: "audit" })
      expect(refused.message).toBe('two subscribers are called "audit"')
      // The one that had the name has given it back.
      yield* Effect.scoped(Layer.build(recorder("audit").layer))
    }).pipe(Effect.provide(layer))
  })
})

type Log = Context.Tag.Service<typeof EventStore.EventStore>
type Rows = Context.Tag.Service<typeof ProjectionStore.ProjectionStore>

const unavailable = Effect.fail(StoreError.make("Unavailable", "the disk is away"))

/** Fails so many times, then lets everything through. */
const flaky = (times: number) => {
  let left = times
  return <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.suspend((): Effect.Effect<A, E | StoreError.StoreError, R> => (left-- > 0 ? unavailable : effect))
}

describe.each(stacks)("a store that is away for a while, on $name", ({ layer }) => {
  const inLog = (change: (store: Log, through: ReturnType<typeof flaky>) => Partial<Log>) => () => {
    const through = flaky(3)
    return wrapped(EventStore.EventStore, (store) => ({ ...store, ...change(store, through) }))
  }
  const rows = (change: (store: Rows, through: ReturnType<typeof flaky>) => Partial<Rows>) => () => {
    const through = flaky(3)
    return wrapped(ProjectionStore.ProjectionStore, (store) => ({ ...store, ...change(store, through) }))
  }
  const none = () => Layer.empty
  const faults = [
    {
      what: "reading the log",
      log: inLog((s, through) => ({ readAll: (q) => through(s.readAll(q)) })),
      rows: none
    },
    {
      what: "reading the checkpoint",
      log: inLog((s, through) => ({ checkpoint: (name) => through(s.checkpoint(name)) })),
      rows: none
    },
    {
      what: "moving the checkpoint",
      log: inLog((s, through) => ({ append: (commit) => through(s.append(commit)) })),
      rows: none
    },
    {
      what: "finding rows",
      log: none,
      rows: rows((s, through) => ({ claim: (claim) => through(s.claim(claim)) }))
    },
    {
      what: "reading rows",
      log: none,
      rows: rows((s, through) => ({ rows: (generation, keys) => through(s.rows(generation, keys)) }))
    },
    {
      what: "writing rows",
      log: none,
      rows: rows((s, through) => ({ write: (batch) => through(s.write(batch)) }))
    }
  ]

  it.scoped.each(faults)("everybody who meets it $what waits, goes on, and ends live", (fault) => {
    const { layer: logger, lines } = errors()
    const running = Layer.mergeAll(
      Projector.layer(Balances),
      recorder().layer,
      Reactor.layer(Letters, [Letter])
    ).pipe(Layer.provide(fault.log()), Layer.provide(fault.rows()))
    return Effect.gen(function* () {
      yield* hurry
      yield* deposits(1, 2, 3)
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        for (const state of yield* Subscriptions.status) {
          expect(state).toMatchObject({ status: "Live", position: 3, error: undefined, parked: 0 })
        }
        expect(yield* balance).toMatchObject({ balance: 6, applied: 3 })
        expect(lines).toEqual([])
      }).pipe(Effect.provide(running))
    }).pipe(Effect.provide(layer), Effect.provide(logger))
  })

  it.effect("it is seen to retry, and why", () =>
    Effect.gen(function* () {
      const tried = yield* Deferred.make<void>()
      const away = wrapped(EventStore.EventStore, (store) => ({
        ...store,
        readAll: () => Effect.zipRight(Deferred.succeed(tried, undefined), unavailable)
      }))
      yield* Effect.gen(function* () {
        yield* Deferred.await(tried)
        yield* Effect.yieldNow()
        expect(yield* stateOf("recorder")).toMatchObject({
          status: "Retrying",
          position: 0,
          errors: 1,
          error: "Unavailable: the disk is away"
        })
      }).pipe(Effect.provide(recorder().layer.pipe(Layer.provide(away))))
    }).pipe(Effect.provide(layer))
  )

  it.scoped(
    "an effect that has succeeded is not repeated because a later one in the same page failed",
    () => {
      const seen: Array<number> = []
      const through = flaky(2)
      const subscriber = Subscriber.make("mail", { events: [Deposited] }).on({
        Deposited: (_, { position }) => {
          const effect = Effect.sync(() => seen.push(position))
          return position === 2 ? through(effect) : effect
        }
      })
      return Effect.gen(function* () {
        yield* hurry
        yield* deposits(1, 2, 3)
        yield* Effect.provide(Subscriptions.settled, Subscriber.layer(subscriber))
        expect(seen).toEqual([1, 2, 3])
      }).pipe(Effect.provide(layer))
    }
  )

  it.effect("a failure that waiting does not mend halts at once", () => {
    const { layer: logger, lines } = errors()
    const corrupt = wrapped(EventStore.EventStore, (store) => ({
      ...store,
      readAll: () => Effect.fail(StoreError.make("Corrupt", "page 7 is torn"))
    }))
    return Effect.gen(function* () {
      yield* deposits(1)
      const halted = yield* Effect.flip(Subscriptions.settled).pipe(
        Effect.provide(recorder().layer.pipe(Layer.provide(corrupt)))
      )
      expect(halted).toMatchObject({ subscriber: "recorder", position: 0 })
      expect(lines).toHaveLength(1)
      expect(lines[0]).toContain(
        'subscriber "recorder" has halted after position 0: StoreError: Corrupt: page 7 is torn'
      )
    }).pipe(Effect.provide(layer), Effect.provide(logger))
  })
})
