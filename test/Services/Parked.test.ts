import { describe, expect, it } from "@effect/vitest"
import type { Engine } from "everfold"
import { Limits, Notes, Parked, Subscriber, SubscriptionControl, Subscriptions } from "everfold"
import { SqliteStack } from "everfold/sqlite"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/TestClock"
import { Deposited } from "../Bank.ts"
import { homes, kept, once, settled } from "../Layers/Processes.ts"
import { folder, settle, stacks, stateOf, wrapped, write } from "../Layers/Stacks.ts"

/** A clerk who stumbles over some amounts as long as they are in the way. */
const clerk = (...amounts: ReadonlyArray<number>) => {
  const obstacles = new Set(amounts)
  const seen: Array<number> = []
  const subscriber = Subscriber.make("clerk", { events: [Deposited] }).on({
    Deposited: ({ amount }) =>
      obstacles.has(amount) ? Effect.fail(`stumbled over ${amount}`) : Effect.sync(() => seen.push(amount))
  })
  return { obstacles, seen, layer: Subscriber.layer(subscriber, { retry: Schedule.stop }) }
}
const Clerk = Subscriber.make("clerk", { events: [Deposited] }).on({ Deposited: () => Effect.void })

const paid = (accountId: string, ...amounts: ReadonlyArray<number>) =>
  write(
    `Account-${accountId}`,
    amounts.map((amount) => ({ type: "Deposited", payload: JSON.stringify({ accountId, amount }) }))
  )

/** Positions 1 to 3 of alice, 4 and 5 of bob, 6 of carol: all but carol's are set aside. */
const trouble = Effect.gen(function* () {
  yield* paid("alice", 1, 2, 3)
  yield* paid("bob", 4, 5)
  yield* paid("carol", 6)
  yield* settled
})

const positions = (all: ReadonlyArray<Parked.Parked>) => all.map(({ position }) => position)
const listed = (selection?: Parked.Selection) => Effect.map(Parked.list(Clerk, selection), positions)

describe.each(homes)("what is set aside, on $name", ({ make }) => {
  it.scoped("is listed in the order of the log, with its cause, or none if it waits behind another one", () =>
    Effect.gen(function* () {
      yield* once(
        yield* make,
        clerk(1, 4).layer
      )(
        Effect.gen(function* () {
          yield* TestClock.adjust("1 minute")
          yield* trouble
          const all = yield* Parked.list(Clerk)
          expect(positions(all)).toEqual([1, 2, 3, 4, 5])
          expect(all.map(({ cause }) => cause)).toEqual([
            "stumbled over 1",
            undefined,
            undefined,
            "stumbled over 4",
            undefined
          ])
          expect(all[1]).toEqual({
            sequence: "Account-alice",
            position: 2,
            event: "Deposited (Account-alice version 2)",
            attempts: 0,
            since: 60_000
          })
          expect(yield* listed({ position: 4 })).toEqual([4])
          expect(yield* listed({ sequence: "Account-alice" })).toEqual([1, 2, 3])
          expect(yield* listed({ where: ({ cause }) => cause !== undefined })).toEqual([1, 4])
          expect(yield* listed({ limit: 2 })).toEqual([1, 2])
          expect(yield* listed({ sequence: "Account-bob", where: ({ position }) => position > 4 })).toEqual([
            5
          ])
          expect(yield* listed({ sequence: "Account-carol" })).toEqual([])
        })
      )
    })
  )

  it.scoped("a preview says what would be tried: what is selected, and what came before it", () =>
    Effect.gen(function* () {
      yield* once(
        yield* make,
        clerk(1, 4).layer
      )(
        Effect.gen(function* () {
          yield* trouble
          const preview = (selection?: Parked.Selection) =>
            Effect.map(Parked.preview(Clerk, selection), positions)
          expect(yield* preview({ position: 2 })).toEqual([1, 2])
          expect(yield* preview({ where: ({ position }) => position === 3 || position === 4 })).toEqual([
            1, 2, 3, 4
          ])
          expect(yield* preview({ limit: 1 })).toEqual([1])
          expect(yield* preview()).toEqual([1, 2, 3, 4, 5])
          expect(yield* preview({ position: 6 })).toEqual([])
          expect(yield* listed()).toEqual([1, 2, 3, 4, 5])
        })
      )
    })
  )

  it.scoped("is tried again: one, a stream, by a condition, or some; in order, once", () => {
    const { layer, obstacles, seen } = clerk(1, 4)
    return Effect.gen(function* () {
      yield* once(
        yield* make,
        layer
      )(
        Effect.gen(function* () {
          yield* trouble
          obstacles.clear()
          const retry = (selection?: Parked.Selection) =>
            Effect.map(Parked.retry(Clerk, selection), positions)
          expect(yield* retry({ position: 1 })).toEqual([1])
          expect(seen).toEqual([6, 1])
          expect(yield* listed()).toEqual([2, 3, 4, 5])
          // What waited behind it goes on waiting, and so does what comes later.
          yield* paid("alice", 7)
          yield* settled
          expect(yield* listed({ sequence: "Account-alice" })).toEqual([2, 3, 7])
          expect(yield* retry({ limit: 1 })).toEqual([2])
          expect(yield* retry({ where: ({ event }) => event.includes("bob version 2") })).toEqual([4, 5])
          expect(seen).toEqual([6, 1, 2, 4, 5])
          expect(yield* retry({ sequence: "Account-alice" })).toEqual([3, 7])
          expect(seen).toEqual([6, 1, 2, 4, 5, 3, 7])
          expect(yield* retry()).toEqual([])
          expect(yield* listed()).toEqual([])
          expect(yield* kept("clerk", "retry")).toEqual([])
          expect(yield* stateOf("clerk")).toMatchObject({ status: "Live", parked: 0, position: 7 })
          yield* paid("alice", 8)
          yield* settled
          expect(seen.at(-1)).toBe(8)
        })
      )
    })
  })

  it.scoped("what fails once more stays, with what comes behind it", () => {
    const { layer, obstacles, seen } = clerk(1, 4)
    return Effect.gen(function* () {
      yield* once(
        yield* make,
        layer
      )(
        Effect.gen(function* () {
          yield* trouble
          obstacles.delete(1)
          obstacles.add(2)
          yield* Parked.retry(Clerk)
          expect(seen).toEqual([6, 1])
          expect(yield* Parked.list(Clerk)).toMatchObject([
            { position: 2, attempts: 1, cause: "stumbled over 2" },
            { position: 3, attempts: 0 },
            { position: 4, attempts: 2, cause: "stumbled over 4" },
            { position: 5, attempts: 0 }
          ])
          expect(yield* kept("clerk", "retry")).toEqual([])
        })
      )
    })
  })

  it.scoped(
    "is discarded with a reason, and stays on record; what waits behind it is tried when asked for",
    () => {
      const { layer, seen } = clerk(1, 4)
      return Effect.gen(function* () {
        yield* once(
          yield* make,
          layer
        )(
          Effect.gen(function* () {
            yield* trouble
            const gone = yield* Parked.discard(Clerk, { position: 1 }, 'a "test"\n\ud83d\ude00')
            expect(positions(gone)).toEqual([1])
            expect(yield* listed()).toEqual([2, 3, 4, 5])
            expect(yield* Parked.discarded(Clerk)).toMatchObject([
              { position: 1, cause: "stumbled over 1", discarded: 'a "test"\n\ud83d\ude00' }
            ])
            expect(seen).toEqual([6])
            yield* paid("alice", 7)
            yield* settled
            expect(yield* stateOf("clerk")).toMatchObject({ parked: 5 })
            yield* Parked.retry(Clerk, { sequence: "Account-alice" })
            expect(seen).toEqual([6, 2, 3, 7])
            expect(positions(yield* Parked.discard(Clerk, {}, "enough"))).toEqual([4, 5])
            expect(yield* Parked.discard(Clerk, {}, "enough")).toEqual([])
            expect(positions(yield* Parked.discarded(Clerk))).toEqual([1, 4, 5])
            yield* paid("bob", 8)
            yield* settled
            expect(seen.at(-1)).toBe(8)
          })
        )
      })
    }
  )

  it.scoped("what is dealt with while it is discarded is not discarded", () => {
    const { layer, obstacles, seen } = clerk(1)
    return Effect.gen(function* () {
      yield* once(
        yield* make,
        layer
      )(
        Effect.gen(function* () {
          yield* trouble
          obstacles.clear()
          const surroundings = yield* Effect.context<Engine.Stack>()
          let reads = 0
          // Somebody else retries what the operator has just read, and is about to take away.
          const meanwhile = wrapped(Notes.Notes, (notes) => ({
            ...notes,
            find: (query) =>
              Effect.tap(notes.find(query), (found) =>
                found.length > 0 && ++reads === 2
                  ? Effect.provide(Parked.retry(Clerk, { position: 2 }), surroundings)
                  : Effect.void
              )
          }))
          const gone = yield* Effect.provide(Parked.discard(Clerk, {}, "never"), meanwhile)
          expect(positions(gone)).toEqual([3])
          expect(positions(yield* Parked.discarded(Clerk))).toEqual([3])
          expect(seen).toEqual([4, 5, 6, 1, 2])
          expect(reads).toBeGreaterThan(2)
        })
      )
    })
  })

  it.scoped("many are discarded, though one step could not take them all", () => {
    const { layer, seen } = clerk(1)
    return Effect.gen(function* () {
      yield* once(
        yield* make,
        layer
      )(
        Effect.gen(function* () {
          yield* paid("alice", 1, ...Array.from({ length: 449 }, (_, n) => n + 2))
          yield* settled
          expect(yield* Parked.discard(Clerk, {}, "all of it")).toHaveLength(450)
          expect(yield* Parked.list(Clerk)).toEqual([])
          expect(yield* Parked.discarded(Clerk)).toHaveLength(450)
          expect(seen).toEqual([])
        })
      )
    })
  })

  it.scoped("may be asked for while nobody runs the subscriber: it is done at the next start", () => {
    const { layer, obstacles, seen } = clerk(1, 4)
    return Effect.gen(function* () {
      const stack = yield* make
      yield* once(stack, layer)(trouble)
      obstacles.clear()
      yield* once(
        stack,
        Layer.empty
      )(
        Effect.gen(function* () {
          expect(positions(yield* Parked.retry(Clerk, { sequence: "Account-alice" }))).toEqual([1, 2, 3])
          expect(seen).toEqual([6])
          expect(positions(yield* Parked.discard(Clerk, { position: 4 }, "no"))).toEqual([4])
        })
      )
      yield* once(stack, layer)(settled)
      expect(seen).toEqual([6, 1, 2, 3])
      expect(yield* once(stack, Layer.empty)(listed())).toEqual([5])
    })
  })

  it.scoped("waits while the subscriber rests", () => {
    const { layer, obstacles, seen } = clerk(1)
    return Effect.gen(function* () {
      yield* once(
        yield* make,
        layer
      )(
        Effect.gen(function* () {
          yield* trouble
          obstacles.clear()
          yield* SubscriptionControl.pause(Clerk)
          yield* Parked.retry(Clerk)
          expect(seen).toEqual([4, 5, 6])
          yield* SubscriptionControl.resume(Clerk)
          yield* SubscriptionControl.look(Clerk)
          expect(seen).toEqual([4, 5, 6, 1, 2, 3])
        })
      )
    })
  })
})

describe("two programs on one folder", () => {
  it.scoped("another program than the owner marks it only; the owner does it", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      const stack = SqliteStack.layer({
        directory,
        durability: "NORMAL",
        lease: "9 seconds",
        poll: Duration.days(1000)
      })
      const first = clerk(1)
      const second = clerk()
      const owner = yield* Layer.build(Layer.fresh(Layer.provideMerge(first.layer, stack)))
      const other = yield* Layer.build(Layer.fresh(Layer.provideMerge(second.layer, stack)))
      yield* Effect.provide(trouble, owner)
      const there = <A, E>(effect: Effect.Effect<A, E, SqliteStack.Stack | Subscriptions.Running<"clerk">>) =>
        Effect.provide(effect, other)
      expect(yield* there(stateOf("clerk"))).toMatchObject({ status: "Elsewhere" })

      first.obstacles.clear()
      expect(positions(yield* there(Parked.retry(Clerk, { position: 2 })))).toEqual([1, 2])
      expect(yield* there(kept("clerk", "retry"))).toHaveLength(1)
      expect(first.seen).toEqual([4, 5, 6])
      // With its next sign of life the owner learns of it.
      yield* TestClock.adjust("3 seconds")
      yield* settle
      yield* Effect.provide(SubscriptionControl.look(Clerk), owner)
      expect(first.seen).toEqual([4, 5, 6, 1, 2])
      expect(second.seen).toEqual([])
      expect(yield* there(kept("clerk", "retry"))).toEqual([])
      expect(positions(yield* there(Parked.list(Clerk)))).toEqual([3])
    })
  )
})

describe.each(stacks)("what is set aside, on $name with small limits", ({ layer: stack }) => {
  it.scoped.each([2, 7])(
    "as much as there is may be retried and discarded: %i notes at a time",
    (commitEvents) => {
      const { layer, obstacles, seen } = clerk(1)
      return Effect.gen(function* () {
        yield* once(
          Layer.provide(stack, Limits.layer({ commitEvents })),
          layer
        )(
          Effect.gen(function* () {
            const accounts = Array.from({ length: 20 }, (_, n) => `a${n}`)
            yield* Effect.forEach(accounts, (account) => paid(account, 1), { discard: true })
            yield* settled
            expect(yield* Parked.retry(Clerk)).toHaveLength(20)
            expect(seen).toEqual([])
            expect(yield* Parked.discard(Clerk, { limit: 15 }, "enough")).toHaveLength(15)
            expect(yield* Parked.discarded(Clerk)).toHaveLength(15)
            obstacles.clear()
            expect(yield* Parked.retry(Clerk)).toHaveLength(5)
            expect(seen).toHaveLength(5)
            expect(yield* Parked.list(Clerk)).toEqual([])
          })
        )
      })
    }
  )

  it.scoped("with as long a reason as fits beside each of them", () => {
    const { layer } = clerk(1)
    return Effect.gen(function* () {
      yield* once(
        Layer.provide(stack, Limits.layer({ commitBytes: 1000 })),
        layer
      )(
        Effect.gen(function* () {
          yield* paid("alice", 1, 2, 3, 4, 5)
          yield* settled
          expect(yield* Parked.discard(Clerk, {}, "x".repeat(700))).toHaveLength(5)
          const error = yield* Effect.flip(
            Effect.zipRight(
              paid("bob", 1),
              Effect.zipRight(settled, Parked.discard(Clerk, {}, "x".repeat(1000)))
            )
          )
          expect(error).toMatchObject({ _tag: "StoreError", reason: "TooLarge" })
        })
      )
    })
  })
})
