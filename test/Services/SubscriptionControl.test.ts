import { describe, expect, it } from "@effect/vitest"
import {
  EventStore,
  Leases,
  Note as LogNote,
  ProjectionStore,
  Projector,
  Reactor,
  ReadModel,
  StoreError,
  Subscriber,
  SubscriptionControl,
  Subscriptions
} from "everfold"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import { Balances, Deposited, Letter, Letters, rowOf } from "../Bank.ts"
import {
  deposits,
  errors,
  folder,
  hurry,
  log,
  manyDeposits,
  recorder,
  settle,
  sqliteIn,
  stacks,
  stateOf,
  wrapped,
  write
} from "../Layers/Stacks.ts"

const projector = Projector.layer(Balances)
const row = Effect.map(ReadModel.get(Balances, "alice"), rowOf)

/** The port, past what the projector knows of itself. */
const shown = Effect.flatMap(ReadModel.ReadModel, (model) => model.get(Balances, "alice"))

const { pause, rebuild, resume } = SubscriptionControl

describe.each(stacks)("pausing on $name", ({ layer }) => {
  it.effect("a subscriber rests, restarts included, until it is resumed", () => {
    const { layer: running, seen, subscriber } = recorder()
    return Effect.gen(function* () {
      yield* Effect.gen(function* () {
        yield* deposits(1)
        yield* Subscriptions.settled
        yield* pause(subscriber)
        expect(yield* stateOf("recorder")).toMatchObject({ status: "Paused", position: 1, error: undefined })
        yield* deposits(2)
      }).pipe(Effect.provide(running))
      yield* Effect.gen(function* () {
        yield* deposits(3)
        yield* Subscriptions.running(subscriber).pipe(
          Effect.flatMap(({ until }) => until(({ status }) => status === "Paused"))
        )
        const waiting = yield* Effect.flip(Subscriptions.reached(subscriber, { position: 3 }))
        expect(waiting).toMatchObject({ _tag: "SubscriberHalted", subscriber: "recorder" })
        expect(waiting.message).toContain("because it is paused")
        expect(seen).toEqual([1])
        yield* resume(subscriber)
        yield* Subscriptions.settled
        expect(yield* stateOf("recorder")).toMatchObject({ status: "Live", position: 3 })
      }).pipe(Effect.provide(running))
      expect(seen).toEqual([1, 2, 3])
    }).pipe(Effect.provide(layer))
  })

  it.effect("others do not rest", () => {
    const others = recorder()
    return Effect.gen(function* () {
      yield* pause(Balances)
      yield* deposits(1)
      yield* Subscriptions.reached(others.subscriber, { position: 1 })
      expect(others.seen).toEqual([1])
      expect(yield* stateOf("balances")).toMatchObject({ status: "Paused", position: 0 })
    }).pipe(Effect.provide(Layer.mergeAll(projector, others.layer)), Effect.provide(layer))
  })

  it.effect("one that does not run here, or nowhere, rests when it is started", () => {
    const { layer: running, seen, subscriber } = recorder()
    return Effect.gen(function* () {
      yield* pause(subscriber)
      yield* deposits(1)
      yield* Effect.flip(Effect.provide(Subscriptions.settled, running))
      expect(seen).toEqual([])
    }).pipe(Effect.provide(layer))
  })

  it.effect("what is under way when it is paused is not done", () =>
    Effect.gen(function* () {
      const begun = yield* Deferred.make<void>()
      const slow = Subscriber.make("slow", { events: [Deposited] }).on({
        Deposited: () => Effect.zipRight(Deferred.succeed(begun, undefined), Effect.never)
      })
      yield* deposits(1)
      yield* Effect.gen(function* () {
        yield* Deferred.await(begun)
        yield* pause(slow)
        expect(yield* stateOf("slow")).toMatchObject({ status: "Paused", position: 0, errors: 0, parked: 0 })
      }).pipe(Effect.provide(Subscriber.layer(slow)))
      const { checkpoint } = yield* EventStore.EventStore
      expect(yield* checkpoint("slow")).toBe(0)
    }).pipe(Effect.provide(layer))
  )

  it.effect("one that ends before it rests is paused all the same, and whoever waits goes on", () =>
    Effect.gen(function* () {
      const begun = yield* Deferred.make<void>()
      const gate = yield* Deferred.make<void>()
      const slow = Subscriber.make("slow", { events: [Deposited] }).on({
        Deposited: () =>
          Effect.uninterruptible(Effect.zipRight(Deferred.succeed(begun, undefined), Deferred.await(gate)))
      })
      yield* deposits(1)
      yield* Effect.gen(function* () {
        yield* Deferred.await(begun)
        const pausing = yield* Effect.fork(pause(slow))
        yield* settle
        const stopping = yield* Effect.fork(SubscriptionControl.stop(slow))
        yield* settle
        yield* Deferred.succeed(gate, undefined)
        yield* Fiber.join(stopping)
        yield* settle
        expect(yield* Fiber.poll(pausing)).toEqual(Option.some(Exit.void))
      }).pipe(Effect.provide(Subscriber.layer(slow)))
      const leases = yield* Effect.flatMap(Leases.Leases, ({ all }) => all)
      expect(leases).toMatchObject([{ subscriber: "slow", paused: true }])
    }).pipe(Effect.provide(layer))
  )

  it.effect("resuming one that has halted has it try again", () => {
    const { layer: logger, lines } = errors()
    let isBroken = true
    const mended = Subscriber.make("mended", { events: [Deposited] }).on({
      Deposited: () => Effect.suspend(() => (isBroken ? Effect.fail("broken") : Effect.void))
    })
    return Effect.gen(function* () {
      yield* deposits(1)
      yield* Effect.flip(Subscriptions.settled)
      isBroken = false
      yield* resume(mended)
      yield* Subscriptions.settled
      expect(yield* stateOf("mended")).toMatchObject({ status: "Live", position: 1, error: undefined })
      expect(lines).toHaveLength(1)
    }).pipe(
      Effect.provide(Subscriber.layer(mended, { finally: "Halt", retry: Schedule.stop })),
      Effect.provide(layer),
      Effect.provide(logger)
    )
  })
})

describe("pausing in a folder", () => {
  it.scoped("is remembered by the next program", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      const { layer: running, seen, subscriber } = recorder()
      const run = <A, E>(
        program: Effect.Effect<A, E, Subscriptions.Subscriptions | Leases.Leases | EventStore.EventStore>
      ) => Effect.provide(program, Layer.provideMerge(running, sqliteIn(directory)))
      yield* run(pause(subscriber))
      const states = yield* run(Subscriptions.status)
      expect(states).toMatchObject([{ name: "recorder", status: "Paused" }])
      expect(seen).toEqual([])
    })
  )
})

describe.each(stacks)("rebuilding on $name", ({ layer }) => {
  /** A projector whose every write to what is being built goes through this. */
  const building = (
    through: (batch: ProjectionStore.Batch) => Effect.Effect<unknown, StoreError.StoreError>
  ) =>
    projector.pipe(
      Layer.provide(
        wrapped(ProjectionStore.ProjectionStore, (store) => ({
          ...store,
          write: (batch) => Effect.zipRight(through(batch), store.write(batch))
        }))
      )
    )

  it.effect("what was broken off goes on where it was, and is shown when it is complete", () =>
    Effect.gen(function* () {
      yield* manyDeposits(1200)
      yield* Effect.provide(Subscriptions.settled, projector)
      const { generation = 0 } = (yield* Effect.provide(stateOf("balances"), projector)) ?? {}

      const reached = yield* Deferred.make<void>()
      const dying = building(({ from }) =>
        from === 500 ? Effect.zipRight(Deferred.succeed(reached, undefined), Effect.never) : Effect.void
      )
      yield* Effect.gen(function* () {
        yield* Effect.fork(rebuild(Balances))
        yield* Deferred.await(reached)
        expect(yield* stateOf("balances")).toMatchObject({ generation, building: { position: 500 } })
      }).pipe(Effect.provide(dying))
      expect((yield* shown).asOf.position).toBe(1200)

      const begun: Array<number> = []
      yield* Effect.gen(function* () {
        const { until } = yield* Subscriptions.running(Balances)
        yield* until((state) => (state.generation ?? 0) > generation && state.status === "Live")
        yield* deposits(1)
        yield* Subscriptions.settled
        expect(yield* row).toEqual({ accountId: "alice", balance: 1201, applied: 1201 })
      }).pipe(Effect.provide(building(({ from }) => Effect.sync(() => begun.push(from)))))
      expect(begun[0]).toBe(500)
    }).pipe(Effect.provide(layer))
  )

  const ends = [
    { how: "is stopped", end: SubscriptionControl.stop(Balances), why: "because it was closed" },
    { how: "is paused", end: pause(Balances), why: "it is paused, and goes on when it is resumed" }
  ]

  it.effect.each(ends)("fails at once when the projection $how", ({ end, why }) =>
    Effect.gen(function* () {
      yield* deposits(1, 2)
      yield* Effect.provide(Subscriptions.settled, projector)
      const begun = yield* Deferred.make<void>()
      const hanging = building(({ from }) =>
        from === 0 ? Effect.zipRight(Deferred.succeed(begun, undefined), Effect.never) : Effect.void
      )
      yield* Effect.gen(function* () {
        const rebuilding = yield* Effect.fork(Effect.either(rebuild(Balances)))
        yield* Deferred.await(begun)
        yield* end
        yield* settle
        const error = new SubscriptionControl.RebuildFailed({ projection: "balances", details: why })
        expect(yield* Fiber.poll(rebuilding)).toEqual(Option.some(Exit.succeed(Either.left(error))))
      }).pipe(Effect.provide(hanging))
      // What was begun is not forgotten.
      yield* resume(Balances)
      yield* Effect.gen(function* () {
        const { until } = yield* Subscriptions.running(Balances)
        const built = yield* until(({ building, status }) => status === "Live" && building === undefined)
        expect(built.generation).toBe(2)
      }).pipe(Effect.provide(projector))
    }).pipe(Effect.provide(layer))
  )

  it.effect("fails at once when the projection cannot even begin", () => {
    const { layer: logger, lines } = errors()
    let isDamaged = false
    const damaged = projector.pipe(
      Layer.provide(
        wrapped(ProjectionStore.ProjectionStore, (store) => ({
          ...store,
          claim: (claim) =>
            Effect.suspend(() =>
              isDamaged ? Effect.fail(StoreError.make("Corrupt", "no such page")) : store.claim(claim)
            )
        }))
      )
    )
    return Effect.gen(function* () {
      yield* deposits(1, 2)
      yield* Subscriptions.settled
      isDamaged = true
      const rebuilding = yield* Effect.fork(Effect.flip(rebuild(Balances)))
      yield* settle
      const told = yield* Option.getOrElse(yield* Fiber.poll(rebuilding), () => Exit.die("it waits"))
      expect(told).toMatchObject({ _tag: "RebuildFailed", details: expect.stringContaining("no such page") })
      expect(lines).toHaveLength(1)
    }).pipe(Effect.provide(damaged), Effect.provide(layer), Effect.provide(logger))
  })

  it.effect("whoever has asked before hears of it too when the last one fails", () => {
    const { layer: logger, lines } = errors()
    let isBroken = false
    const fragile: typeof Balances = {
      ...Balances,
      apply: (before, recorded) => {
        if (isBroken) throw new Error("boom")
        return Balances.apply(before, recorded)
      }
    }
    return Effect.gen(function* () {
      yield* deposits(1, 2)
      yield* Subscriptions.settled
      isBroken = true
      const both = yield* Effect.fork(
        Effect.all([Effect.flip(rebuild(fragile)), Effect.flip(rebuild(fragile))], { concurrency: 2 })
      )
      yield* settle
      const told = yield* Option.getOrElse(yield* Fiber.poll(both), () => Exit.die("somebody waits"))
      expect(told).toMatchObject([{ _tag: "RebuildFailed" }, { _tag: "RebuildFailed" }])
      expect(lines.length).toBeGreaterThan(0)
    }).pipe(Effect.provide(Projector.layer(fragile)), Effect.provide(layer), Effect.provide(logger))
  })

  it.scoped("a store that is away for a while does not end it", () => {
    const { layer: logger, lines } = errors()
    let failures = 3
    const away = building(({ from }) =>
      from === 500 && failures-- > 0 ? Effect.fail(StoreError.make("Unavailable", "away")) : Effect.void
    )
    return Effect.gen(function* () {
      yield* hurry
      yield* manyDeposits(1200)
      yield* Effect.provide(Subscriptions.settled, projector)
      yield* Effect.gen(function* () {
        expect(yield* rebuild(Balances)).toBe(1200)
        expect(failures).toBeLessThanOrEqual(0)
        expect(yield* row).toEqual({ accountId: "alice", balance: 1200, applied: 1200 })
        expect(lines).toEqual([])
      }).pipe(Effect.provide(away))
    }).pipe(Effect.provide(layer), Effect.provide(logger))
  })

  it.scoped("its first rows are there when it returns, also when the log was away for a while", () => {
    let failures = 3
    const away = projector.pipe(
      Layer.provide(
        wrapped(EventStore.EventStore, (store) => ({
          ...store,
          readAll: (query) =>
            Effect.suspend(() =>
              query.after === 500 && failures-- > 0
                ? Effect.fail(StoreError.make("Unavailable", "away"))
                : store.readAll(query)
            )
        }))
      )
    )
    return Effect.gen(function* () {
      yield* manyDeposits(1200)
      yield* Effect.gen(function* () {
        const rebuilding = yield* Effect.fork(rebuild(Balances))
        yield* settle
        yield* hurry
        expect(yield* Fiber.join(rebuilding)).toBe(1200)
        expect(failures).toBeLessThanOrEqual(0)
        expect(yield* row).toEqual({ accountId: "alice", balance: 1200, applied: 1200 })
      }).pipe(Effect.provide(away))
    }).pipe(Effect.provide(layer))
  })

  it.effect("brings a projection back to life that has halted", () => {
    const { layer: logger, lines } = errors()
    let isBroken = false
    const fragile: typeof Balances = {
      ...Balances,
      apply: (before, recorded) => {
        if (isBroken) throw new Error("boom")
        return Balances.apply(before, recorded)
      }
    }
    return Effect.gen(function* () {
      yield* deposits(1, 2)
      yield* Subscriptions.settled
      isBroken = true
      yield* deposits(3)
      yield* Effect.flip(Subscriptions.reached(fragile, { position: 3 }))
      expect(yield* stateOf("balances")).toMatchObject({ status: "Halted", position: 2 })
      isBroken = false
      expect(yield* rebuild(fragile)).toBe(3)
      yield* deposits(4)
      yield* Subscriptions.settled
      expect(yield* row).toEqual({ accountId: "alice", balance: 10, applied: 4 })
      expect(yield* stateOf("balances")).toMatchObject({ status: "Live", position: 4, error: undefined })
      expect(lines).toHaveLength(1)
    }).pipe(Effect.provide(Projector.layer(fragile)), Effect.provide(layer), Effect.provide(logger))
  })

  it.effect("fails with its first rows as with any others, and nothing is shown", () => {
    const broken: typeof Balances = {
      ...Balances,
      apply: () => {
        throw new Error("boom")
      }
    }
    return Effect.gen(function* () {
      yield* deposits(1, 2)
      yield* Effect.gen(function* () {
        yield* Effect.flip(Subscriptions.settled)
        const failed = yield* Effect.flip(rebuild(broken))
        expect(failed).toMatchObject({ _tag: "RebuildFailed", projection: "balances" })
        expect(failed.message).toContain("boom")
        expect(yield* Effect.flip(shown)).toMatchObject({ _tag: "Rebuilding", position: 0, goal: 2 })
      }).pipe(Effect.provide(Projector.layer(broken)))
    }).pipe(Effect.provide(layer), Effect.provide(errors().layer))
  })

  it.effect("asked for while the projector is not running, it is done when it is started", () =>
    Effect.gen(function* () {
      yield* deposits(1, 2)
      yield* Effect.provide(Subscriptions.settled, projector)
      const { generation = 0 } = (yield* Effect.provide(stateOf("balances"), projector)) ?? {}
      yield* rebuild(Balances)
      yield* Effect.gen(function* () {
        const { until } = yield* Subscriptions.running(Balances)
        yield* until((state) => (state.generation ?? 0) > generation)
        expect(yield* row).toMatchObject({ balance: 3, applied: 2 })
      }).pipe(Effect.provide(projector))
    }).pipe(Effect.provide(layer))
  )

  it.effect("former rows stay until they are pruned; what is shown stays", () =>
    Effect.gen(function* () {
      yield* deposits(1, 2)
      yield* Subscriptions.settled
      yield* rebuild(Balances)
      yield* rebuild(Balances)
      expect(yield* SubscriptionControl.prune(Balances)).toBe(2)
      expect(yield* SubscriptionControl.prune(Balances)).toBe(0)
      yield* deposits(3)
      yield* Subscriptions.settled
      expect(yield* row).toEqual({ accountId: "alice", balance: 6, applied: 3 })
    }).pipe(Effect.provide(projector), Effect.provide(layer))
  )
})

describe.each(stacks)("moving on $name", ({ layer }) => {
  it.effect("back: what it has done happens again, and whoever waits, waits for that", () => {
    const { layer: running, seen, subscriber } = recorder()
    return Effect.gen(function* () {
      yield* deposits(1, 2, 3)
      yield* Subscriptions.settled
      expect(yield* SubscriptionControl.moveTo(subscriber, 1)).toBe(3)
      yield* Subscriptions.settled
      expect(seen).toEqual([1, 2, 3, 2, 3])
      expect(yield* stateOf("recorder")).toMatchObject({ status: "Live", position: 3 })
    }).pipe(Effect.provide(running), Effect.provide(layer))
  })

  it.effect("back, a reaction's commands do not happen again", () =>
    Effect.gen(function* () {
      const withdrawal = { type: "Withdrawn", payload: JSON.stringify({ accountId: "alice", amount: 1 }) }
      yield* deposits(1)
      yield* write("Account-alice", [withdrawal])
      yield* Subscriptions.settled
      const { length } = yield* log
      yield* SubscriptionControl.moveTo(Letters, 0)
      yield* Subscriptions.settled
      // A letter that has been sent would refuse to be sent again.
      expect(yield* stateOf("letters")).toMatchObject({ status: "Live", parked: 0, position: length })
      expect((yield* log).filter(({ type }) => type === "Sent")).toHaveLength(1)
    }).pipe(Effect.provide(Reactor.layer(Letters, [Letter])), Effect.provide(layer))
  )

  it.effect("on: it passes over events", () => {
    const { layer: running, seen, subscriber } = recorder()
    return Effect.gen(function* () {
      yield* deposits(1, 2, 3)
      expect(yield* SubscriptionControl.moveTo(subscriber, 2)).toBe(0)
      yield* Effect.provide(Subscriptions.settled, running)
      expect(seen).toEqual([3])
    }).pipe(Effect.provide(layer))
  })

  it.effect.each([{ to: -1 }, { to: 0.5 }, { to: 4 }, { to: NaN }, { to: Infinity }])(
    "to $to, which is no position of the log, is refused",
    ({ to }) => {
      const { layer: running, seen, subscriber } = recorder()
      return Effect.gen(function* () {
        yield* deposits(1, 2, 3)
        yield* Subscriptions.settled
        expect(yield* Effect.flip(SubscriptionControl.moveTo(subscriber, to))).toMatchObject({
          reason: "Invalid"
        })
        yield* Subscriptions.settled
        expect(seen).toEqual([1, 2, 3])
      }).pipe(Effect.provide(running), Effect.provide(layer))
    }
  )
})

describe.each(stacks)("forgetting on $name", ({ layer }) => {
  const { find, forget } = SubscriptionControl
  const unknown = { _tag: "UnknownSubscriber" }

  it.effect(
    "one that no program has any more is off the list, and goes on where it was when it is back",
    () => {
      const { layer: running, seen } = recorder()
      const { layer: logger, lines } = errors()
      const both = Layer.merge(running, projector)
      return Effect.gen(function* () {
        yield* deposits(1, 2)
        // Twice, so that checkpoints are of a later epoch than the first.
        yield* Effect.provide(Subscriptions.settled, both)
        yield* Effect.provide(Subscriptions.settled, both)
        const built = yield* Effect.provide(stateOf("balances"), both)
        yield* forget(yield* find("recorder"))
        expect(yield* Effect.flip(find("recorder"))).toMatchObject({ ...unknown, known: ["balances"] })
        yield* forget(Balances)
        expect(yield* Effect.flip(find("balances"))).toMatchObject({ ...unknown, known: [] })
        yield* deposits(3)
        yield* Effect.gen(function* () {
          yield* Subscriptions.settled
          expect(yield* stateOf("recorder")).toMatchObject({ status: "Live", position: 3 })
          expect(yield* stateOf("balances")).toMatchObject({ status: "Live", generation: built?.generation })
          expect(yield* row).toEqual({ accountId: "alice", balance: 6, applied: 3 })
        }).pipe(Effect.provide(both))
        expect(seen).toEqual([1, 2, 3])
        expect(lines).toEqual([])
      }).pipe(Effect.provide(layer), Effect.provide(logger))
    }
  )

  it.effect("one that runs is not forgotten, also while it rests", () => {
    const { layer: running, seen, subscriber } = recorder()
    return Effect.gen(function* () {
      yield* deposits(1)
      yield* Subscriptions.settled
      const { lease } = yield* find("recorder")
      const held = new Leases.LeaseHeld({ subscriber: "recorder", owner: lease.owner, until: lease.until })
      expect(yield* Effect.flip(forget(subscriber))).toEqual(held)
      yield* pause(subscriber)
      expect(yield* Effect.flip(forget(subscriber))).toMatchObject({ _tag: "LeaseHeld" })
      yield* resume(subscriber)
      yield* deposits(2)
      yield* Subscriptions.settled
      expect(seen).toEqual([1, 2])
    }).pipe(Effect.provide(running), Effect.provide(layer))
  })

  it.effect("one that was paused rests when it is back, until it is resumed", () => {
    const { layer: running, seen, subscriber } = recorder()
    return Effect.gen(function* () {
      yield* pause(subscriber)
      yield* forget(subscriber)
      expect(yield* Effect.flip(find("recorder"))).toMatchObject(unknown)
      yield* deposits(1)
      yield* Effect.flip(Effect.provide(Subscriptions.settled, running))
      yield* resume(subscriber)
      yield* Effect.provide(Subscriptions.settled, running)
      expect(seen).toEqual([1])
    }).pipe(Effect.provide(layer))
  })
})

describe.each(stacks)("a log that was restored, on $name", ({ layer }) => {
  it.effect("a subscriber with effects halts, and says what may happen again, until it is resumed", () => {
    const { layer: logger, lines } = errors()
    const { layer: running, seen, subscriber } = recorder()
    return Effect.gen(function* () {
      yield* deposits(1, 2)
      yield* Effect.provide(Subscriptions.settled, running)
      // What a restore leaves: the log has another name than the one that it has acted on.
      const advance = { subscriber: "recorder", from: 2, to: 2, keep: [LogNote.ofLog("log/0")] }
      yield* Effect.flatMap(EventStore.EventStore, ({ append }) =>
        append({ id: "", metadata: {}, parts: [], advance })
      )
      yield* deposits(3)
      yield* Effect.gen(function* () {
        yield* Effect.flip(Subscriptions.settled)
        expect(yield* stateOf("recorder")).toMatchObject({ status: "Halted" })
        expect(lines).toHaveLength(1)
        expect(lines[0]).toContain(
          "ForeignCheckpoint: the log was restored from a backup: what it did after position 2 may happen again"
        )
        expect(seen).toEqual([1, 2])
        yield* resume(subscriber)
        yield* Subscriptions.settled
        expect(seen).toEqual([1, 2, 3])
      }).pipe(Effect.provide(running))
      // It has been told for good.
      yield* deposits(4)
      yield* Effect.provide(Subscriptions.settled, running)
      expect(seen).toEqual([1, 2, 3, 4])
    }).pipe(Effect.provide(layer), Effect.provide(logger))
  })
})
