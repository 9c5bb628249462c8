import { describe, expect, it } from "@effect/vitest"
import { Commit, GroupCommit, StoreError, type Append } from "everfold"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Scope from "effect/Scope"
import { defaults } from "../../src/Domain/Limits.ts"

const kibibyte = 1024
const mebibyte = 1024 * kibibyte

/** A commit of so many bytes. */
const commit = (id: string, bytes = 1): Commit.Commit => ({
  id,
  metadata: {},
  parts: [
    {
      stream: "Account-alice",
      expected: { _tag: "Any" },
      events: [{ type: "Deposited", revision: 1, payload: "x".repeat(bytes) }]
    }
  ]
})

/** What the log makes of a commit: its position is in its id, and some are refused. */
const outcomeOf = (id: string) =>
  id.startsWith("refused")
    ? Either.left(new Commit.VersionConflict({ stream: id, expected: "", actual: 0 }))
    : Either.right({ events: [], position: Number(id), duplicate: false })

interface Transaction {
  readonly ids: ReadonlyArray<string>
  readonly end: Deferred.Deferred<Append.Outcomes, StoreError.StoreError>
}

const accept = ({ end, ids }: Transaction) => Deferred.succeed(end, ids.map(outcomeOf))

/** A writer whose transactions begin when they get the lock, and end when the test says how. */
const writer = (limits: Partial<typeof defaults> = {}) =>
  Effect.gen(function* () {
    const lock = { taken: Effect.void as Effect.Effect<void, StoreError.StoreError> }
    const transactions = yield* Queue.bounded<Transaction>(100)
    const append = yield* GroupCommit.make(
      (take) =>
        Effect.gen(function* () {
          yield* lock.taken
          const end = yield* Deferred.make<Append.Outcomes, StoreError.StoreError>()
          yield* Queue.offer(transactions, { ids: take().map(({ id }) => id), end })
          return yield* Deferred.await(end)
        }),
      { ...defaults, ...limits }
    )
    const start = (id: string, bytes?: number) => Effect.fork(append(commit(id, bytes)))
    return { append, lock, start, next: Queue.take(transactions), begun: Queue.size(transactions) }
  })

/** Lets every fiber go as far as it can. */
const settle = Effect.repeatN(Effect.yieldNow(), 50)

const reasonOf = <A, E>(exit: Exit.Exit<A, E>) => {
  const error = Exit.isFailure(exit) ? Option.getOrUndefined(Cause.failureOption(exit.cause)) : undefined
  return error instanceof StoreError.StoreError ? error.reason : undefined
}

const full = StoreError.make("Full", "no space")
const busy = StoreError.make("Busy", "somebody else writes")

describe("who writes with whom", () => {
  it.scoped("whoever comes alone is taken at once, without waiting for company", () =>
    Effect.gen(function* () {
      const { begun, next, start } = yield* writer()
      for (const id of ["1", "2"]) {
        const fiber = yield* start(id)
        // No time passes in this test.
        yield* settle
        expect(yield* begun).toBe(1)
        const transaction = yield* next
        expect(transaction.ids).toEqual([id])
        yield* accept(transaction)
        expect(yield* fiber).toMatchObject({ position: Number(id) })
      }
    })
  )

  it.scoped("those who come while a transaction runs share the next one, and each has its own outcome", () =>
    Effect.gen(function* () {
      const { begun, next, start } = yield* writer()
      const first = yield* start("1")
      const running = yield* next
      const others = yield* Effect.forEach(["2", "refused", "3"], (id) => start(id))
      yield* settle
      expect(yield* begun).toBe(0)
      yield* accept(running)
      expect(yield* first).toMatchObject({ position: 1 })

      const shared = yield* next
      expect(shared.ids).toEqual(["2", "refused", "3"])
      yield* accept(shared)
      const exits = yield* Effect.forEach(others, Fiber.await)
      expect(exits).toEqual(["2", "refused", "3"].map((id) => Exit.fromEither(outcomeOf(id))))
      yield* settle
      expect(yield* begun).toBe(0)
    })
  )

  it.scoped("those who wait for the lock go with the transaction that gets it", () =>
    Effect.gen(function* () {
      const { lock, next, start } = yield* writer()
      const free = yield* Effect.makeLatch()
      lock.taken = free.await
      yield* start("1")
      yield* settle
      yield* start("2")
      yield* settle
      yield* free.open
      expect((yield* next).ids).toEqual(["1", "2"])
    })
  )

  it.scoped("a group has 512 commits at most, the oldest first", () =>
    Effect.gen(function* () {
      const { lock, next, start } = yield* writer()
      const free = yield* Effect.makeLatch()
      lock.taken = free.await
      const ids = Array.from({ length: 1030 }, (_, n) => String(n))
      yield* Effect.forEach(ids, (id) => start(id))
      yield* settle
      yield* free.open
      const groups = [yield* Effect.tap(next, accept), yield* Effect.tap(next, accept), yield* next]
      expect(groups.map((group) => group.ids.length)).toEqual([512, 512, 6])
      expect(groups.flatMap((group) => group.ids)).toEqual(ids)
    })
  )

  it.scoped("a group has 8 MiB at most, and what is larger is a group of its own", () =>
    Effect.gen(function* () {
      const { lock, next, start } = yield* writer()
      const free = yield* Effect.makeLatch()
      lock.taken = free.await
      for (const [id, size] of [4, 4, 4, 3, 2, 9, 1, 7].entries()) yield* start(String(id), size * mebibyte)
      yield* settle
      yield* free.open
      const groups: Array<ReadonlyArray<string>> = []
      while (groups.flat().length < 8) groups.push((yield* Effect.tap(next, accept)).ids)
      expect(groups).toEqual([["0", "1"], ["2", "3"], ["4"], ["5"], ["6", "7"]])
    })
  )

  it.scoped("`queued` runs when the place in the order is certain, before the outcome is", () =>
    Effect.gen(function* () {
      const { append, next } = yield* writer({ waitingCommits: 2 })
      const order: Array<string> = []
      const enter = (id: string) => Effect.fork(Effect.exit(append(commit(id), () => void order.push(id))))
      yield* enter("1")
      const running = yield* next
      yield* Effect.forEach(["2", "3", "4"], enter)
      yield* settle
      // The fourth found no place.
      expect(order).toEqual(["1", "2", "3"])
      yield* accept(running)
      expect((yield* next).ids).toEqual(["2", "3"])
    })
  )

  it.scoped("a commit that comes while the writer goes to rest is not forgotten", () =>
    Effect.gen(function* () {
      let steps = 0
      const append = yield* GroupCommit.make(
        (take) =>
          Effect.gen(function* () {
            const ids = take().map(({ id }) => id)
            for (let step = 0; step < steps; step++) yield* Effect.sync(() => step)
            return ids.map(outcomeOf)
          }),
        defaults
      )
      const stuck: Array<number> = []
      // A fiber gives way after 2,048 steps, wherever it is then.
      for (steps = 1900; steps <= 2100; steps++) {
        const two = yield* Effect.fork(Effect.zip(append(commit("1")), append(commit("2"))))
        yield* settle
        if (Option.isNone(yield* Fiber.poll(two))) stuck.push(steps)
        // Wakes whoever is stuck.
        yield* append(commit("3"))
      }
      expect(stuck).toEqual([])
    })
  )
})

describe("what can go wrong", () => {
  it.scoped("a transaction that fails is the error of everybody in it, and the next one works", () =>
    Effect.gen(function* () {
      const { next, start } = yield* writer()
      const first = yield* start("1")
      const running = yield* next
      const waiting = yield* Effect.forEach(["2", "3"], (id) => start(id))
      yield* settle
      yield* Deferred.fail(running.end, full)
      expect(yield* Fiber.await(first)).toEqual(Exit.fail(full))

      const shared = yield* next
      expect(shared.ids).toEqual(["2", "3"])
      yield* Deferred.fail(shared.end, full)
      expect(yield* Effect.forEach(waiting, Fiber.await)).toEqual([Exit.fail(full), Exit.fail(full)])

      const last = yield* start("4")
      yield* accept(yield* next)
      expect(yield* last).toMatchObject({ position: 4 })
    })
  )

  it.scoped("a transaction that cannot begin is the answer to all who wait, also beyond one group", () =>
    Effect.gen(function* () {
      const { lock, start } = yield* writer()
      const attempted = yield* Effect.makeLatch()
      lock.taken = Effect.zipRight(attempted.await, Effect.fail(busy))
      const ids = Array.from({ length: 600 }, (_, n) => String(n))
      const waiting = yield* Effect.forEach(ids, (id) => start(id))
      yield* settle
      lock.taken = Effect.never
      yield* attempted.open
      yield* settle
      const exits = yield* Effect.forEach(waiting, Fiber.poll)
      expect(exits.filter(Option.exists((exit) => reasonOf(exit) === "Busy"))).toHaveLength(600)
    })
  )

  it.scoped("after a transaction that could not begin the next one works, and the queue is empty", () =>
    Effect.gen(function* () {
      const { lock, next, start } = yield* writer({ waitingCommits: 1, waitingBytes: kibibyte })
      lock.taken = Effect.fail(busy)
      expect(yield* Effect.flip(Fiber.join(yield* start("1", kibibyte)))).toBe(busy)
      lock.taken = Effect.void
      const after = yield* start("2", kibibyte)
      const transaction = yield* next
      expect(transaction.ids).toEqual(["2"])
      yield* accept(transaction)
      expect(yield* after).toMatchObject({ position: 2 })
    })
  )

  it.scoped("a defect reaches those in the transaction, and the writer lives on", () =>
    Effect.gen(function* () {
      const { lock, next, start } = yield* writer()
      const dies = (exit: Exit.Exit<unknown, unknown>) => Exit.isFailure(exit) && Cause.isDie(exit.cause)

      const [one, two] = [yield* start("1"), yield* start("2")]
      yield* Deferred.die((yield* next).end, new Error("inside"))
      expect([dies(yield* Fiber.await(one)), dies(yield* Fiber.await(two))]).toEqual([true, true])

      lock.taken = Effect.die(new Error("at its beginning"))
      expect(dies(yield* Fiber.await(yield* start("3")))).toBe(true)
      lock.taken = Effect.void

      // A store that forgets somebody.
      const forgotten = yield* start("4")
      yield* Deferred.succeed((yield* next).end, [])
      expect(dies(yield* Fiber.await(forgotten))).toBe(true)

      const last = yield* start("5")
      yield* accept(yield* next)
      expect(yield* last).toMatchObject({ position: 5 })
    })
  )
})

describe("the queue is bounded", () => {
  it.scoped("in commits; when they are taken there is room again", () =>
    Effect.gen(function* () {
      const { append, next, start } = yield* writer({ waitingCommits: 2 })
      yield* start("1")
      const running = yield* next
      const waiting = [yield* start("2"), yield* start("3")]
      yield* settle
      const error = yield* Effect.flip(append(commit("4")))
      expect(error).toMatchObject({ _tag: "StoreError", reason: "Overloaded", transient: true })

      yield* accept(running)
      const second = yield* next
      expect(second.ids).toEqual(["2", "3"])
      waiting.push(yield* start("5"))
      yield* accept(second)
      yield* accept(yield* next)
      const positions = (yield* Effect.forEach(waiting, Fiber.join)).map(({ position }) => position)
      expect(positions).toEqual([2, 3, 5])
    })
  )

  it.scoped("in bytes; when they are taken or withdrawn there is room again", () =>
    Effect.gen(function* () {
      const { append, next, start } = yield* writer({ waitingBytes: 10 * kibibyte })
      yield* start("1")
      const running = yield* next
      yield* start("2", 4 * kibibyte)
      const third = yield* start("3", 6 * kibibyte)
      yield* settle
      const none = Effect.map(Effect.exit(append(commit("4", 1))), reasonOf)
      expect(yield* none).toBe("Overloaded")

      yield* Fiber.interrupt(third)
      const fourth = yield* start("5", 5 * kibibyte)
      yield* settle
      expect(Option.isNone(yield* Fiber.poll(fourth))).toBe(true)
      const tooMuch = Effect.map(Effect.exit(append(commit("6", kibibyte + 1))), reasonOf)
      expect(yield* tooMuch).toBe("Overloaded")

      yield* accept(running)
      const second = yield* next
      expect(second.ids).toEqual(["2", "5"])
      const all = yield* start("7", 10 * kibibyte)
      yield* accept(second)
      yield* accept(yield* next)
      expect(yield* all).toMatchObject({ position: 7 })
    })
  )
})

describe("an interrupt", () => {
  it.scoped("withdraws whoever waits, at once: the commit is in no transaction", () =>
    Effect.gen(function* () {
      const { next, start } = yield* writer()
      yield* start("1")
      const running = yield* next
      const withdrawn = yield* start("2")
      const stays = yield* start("3")
      yield* settle
      expect(Exit.isInterrupted(yield* Fiber.interrupt(withdrawn))).toBe(true)
      yield* accept(running)
      const second = yield* next
      expect(second.ids).toEqual(["3"])
      yield* accept(second)
      expect(yield* stays).toMatchObject({ position: 3 })
    })
  )

  it.scoped("waits for the outcome once the commit is taken", () =>
    Effect.gen(function* () {
      const { next, start } = yield* writer()
      const fiber = yield* start("1")
      const running = yield* next
      yield* Fiber.interruptFork(fiber)
      yield* settle
      expect(Option.isNone(yield* Fiber.poll(fiber))).toBe(true)
      yield* accept(running)
      expect(Exit.isInterrupted(yield* Fiber.await(fiber))).toBe(true)
    })
  )

  it.scoped("of all who wait for the lock leaves a transaction of nothing, and the next one works", () =>
    Effect.gen(function* () {
      const { lock, next, start } = yield* writer()
      const free = yield* Effect.makeLatch()
      lock.taken = free.await
      const fiber = yield* start("1")
      yield* settle
      yield* Fiber.interrupt(fiber)
      yield* free.open
      const empty = yield* next
      expect(empty.ids).toEqual([])
      yield* accept(empty)
      const after = yield* start("2")
      yield* accept(yield* next)
      expect(yield* after).toMatchObject({ position: 2 })
    })
  )
})

describe("when the log is closed", () => {
  it.effect("who waits is told, who was being written does not know, who comes later is told at once", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const { append, next, start } = yield* Scope.extend(writer(), scope)
      const taken = yield* start("1")
      yield* next
      const waiting = [yield* start("2"), yield* start("3")]
      yield* settle
      yield* Scope.close(scope, Exit.void)
      yield* settle

      expect(reasonOf(yield* Fiber.await(taken))).toBe("OutcomeUnknown")
      const exits = yield* Effect.forEach(waiting, Fiber.await)
      expect(exits.map(reasonOf)).toEqual(["Unavailable", "Unavailable"])
      expect(reasonOf(yield* Effect.exit(append(commit("4"))))).toBe("Unavailable")
    })
  )

  it.effect("who waited for the lock has written nothing, and is told so", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const { lock, start } = yield* Scope.extend(writer(), scope)
      lock.taken = Effect.never
      const waiting = yield* start("1")
      yield* settle
      yield* Scope.close(scope, Exit.void)
      expect(reasonOf(yield* Fiber.await(waiting))).toBe("Unavailable")
    })
  )
})
