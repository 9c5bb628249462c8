import { describe, expect, it } from "@effect/vitest"
import { Inbox, Limits, NotedInbox, Notes, StoreError } from "everfold"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as TestClock from "effect/TestClock"
import { homes, once, through } from "./Processes.ts"
import { hurry, stacks, warnings } from "./Stacks.ts"

/** An effect that counts how often it was run. */
const counted = () => {
  const counts = { runs: 0 }
  return { counts, effect: Effect.sync(() => (counts.runs += 1)) }
}

const act = <A, E, R>(key: string, effect: Effect.Effect<A, E, R>) =>
  Effect.flatMap(Inbox.Inbox, (inbox) => inbox.once(key, effect))

const remembered = (name: string) =>
  Effect.flatMap(Notes.Notes, (notes) => notes.find({ subscriber: `inbox/${name}`, kind: "done" }))

/** Acts on so many keys. */
const many = (prefix: string, count: number) =>
  Effect.forEach(Array.from({ length: count }), (_, n) => act(`${prefix}${n}`, Effect.void), {
    discard: true
  })

describe.each(homes)("an inbox on $name", ({ make }) => {
  it.scoped("acts on each key once, also after a restart, and each inbox on its own", () =>
    Effect.gen(function* () {
      const stack = yield* make
      const { counts, effect } = counted()
      yield* once(
        stack,
        NotedInbox.layer("mail")
      )(
        Effect.gen(function* () {
          expect(yield* act("a", effect)).toEqual(Option.some(1))
          expect(yield* act("a", effect)).toEqual(Option.none())
          expect(yield* act("", effect)).toEqual(Option.some(2))
        })
      )
      yield* once(
        stack,
        NotedInbox.layer("mail")
      )(
        Effect.gen(function* () {
          expect(yield* act("a", effect)).toEqual(Option.none())
          expect(yield* act("", effect)).toEqual(Option.none())
        })
      )
      expect(yield* once(stack, NotedInbox.layer("calls"))(act("a", effect))).toEqual(Option.some(3))
      expect(counts.runs).toBe(3)
    })
  )

  it.scoped("two at once under one key take turns: the second finds it done, other keys go on", () =>
    Effect.gen(function* () {
      yield* once(
        yield* make,
        NotedInbox.layer("mail")
      )(
        Effect.gen(function* () {
          const gate = yield* Deferred.make<void>()
          const begun = yield* Deferred.make<void>()
          const { counts, effect } = counted()
          const slow = Deferred.succeed(begun, undefined).pipe(
            Effect.zipRight(Deferred.await(gate)),
            Effect.zipRight(effect)
          )
          const first = yield* Effect.fork(act("a", slow))
          yield* Deferred.await(begun)
          const second = yield* Effect.fork(act("a", effect))
          expect(yield* act("b", effect)).toEqual(Option.some(1))
          yield* Deferred.succeed(gate, undefined)
          expect(yield* Fiber.join(first)).toEqual(Option.some(2))
          expect(yield* Fiber.join(second)).toEqual(Option.none())
          expect(counts.runs).toBe(2)
        })
      )
    })
  )

  it.scoped("what fails, dies or is interrupted is not done, and is acted on when it comes again", () =>
    Effect.gen(function* () {
      yield* once(
        yield* make,
        NotedInbox.layer("mail")
      )(
        Effect.gen(function* () {
          expect(yield* Effect.flip(act("a", Effect.fail("no")))).toBe("no")
          expect(Exit.isFailure(yield* Effect.exit(act("a", Effect.die("boom"))))).toBe(true)
          const begun = yield* Deferred.make<void>()
          const waiting = yield* Effect.fork(
            act("a", Effect.zipRight(Deferred.succeed(begun, undefined), Effect.never))
          )
          yield* Deferred.await(begun)
          yield* Fiber.interrupt(waiting)
          expect(yield* remembered("mail")).toEqual([])
          expect(yield* act("a", Effect.succeed("done"))).toEqual(Option.some("done"))
          expect(yield* remembered("mail")).toHaveLength(1)
        })
      )
    })
  )

  it.scoped("an interruption waits until what was done is written down", () =>
    Effect.gen(function* () {
      const writing = yield* Deferred.make<void>()
      const gate = yield* Deferred.make<void>()
      const slow = through((_, write) =>
        Deferred.succeed(writing, undefined).pipe(
          Effect.zipRight(Deferred.await(gate)),
          Effect.zipRight(write)
        )
      )
      yield* once(
        yield* make,
        Layer.provide(NotedInbox.layer("mail"), slow)
      )(
        Effect.gen(function* () {
          const { counts, effect } = counted()
          const doing = yield* Effect.fork(act("a", effect))
          yield* Deferred.await(writing)
          const interrupting = yield* Effect.fork(Fiber.interrupt(doing))
          yield* Deferred.succeed(gate, undefined)
          yield* Fiber.join(interrupting)
          expect(yield* act("a", effect)).toEqual(Option.none())
          expect(counts.runs).toBe(1)
        })
      )
    })
  )

  it.scoped(
    "while the store is busy, what was done is written down as soon as it can be, and not done again",
    () =>
      Effect.gen(function* () {
        let busy = 3
        const unlucky = through((_, write) =>
          busy-- > 0 ? Effect.fail(StoreError.make("Busy", "somebody else writes")) : write
        )
        yield* hurry
        const { counts, effect } = counted()
        yield* once(
          yield* make,
          Layer.provide(NotedInbox.layer("mail"), unlucky)
        )(
          Effect.gen(function* () {
            expect(yield* act("a", effect)).toEqual(Option.some(1))
            expect(yield* act("a", effect)).toEqual(Option.none())
          })
        )
        expect(counts.runs).toBe(1)
      })
  )

  it.scoped("refuses a key that no store could give back, before anything is done", () =>
    Effect.gen(function* () {
      const { counts, effect } = counted()
      const refused = yield* once(yield* make, NotedInbox.layer("mail"))(Effect.flip(act("\ud800", effect)))
      expect(refused).toMatchObject({ reason: "Invalid" })
      expect(counts.runs).toBe(0)
    })
  )

  it.scoped("forgets what is older than it is to remember, and nothing else", () =>
    Effect.gen(function* () {
      yield* once(
        yield* make,
        NotedInbox.layer("mail", { remember: "1 day" })
      )(
        Effect.gen(function* () {
          yield* many("old", 60)
          yield* TestClock.adjust("20 hours")
          yield* many("young", 30)
          yield* TestClock.adjust("5 hours")
          yield* many("new", 10)
          const keys = (yield* remembered("mail")).map(({ key }) => key)
          expect(keys).toHaveLength(40)
          expect(keys.filter((key) => key.startsWith("old"))).toEqual([])
          expect(yield* act("old0", Effect.succeed("again"))).toEqual(Option.some("again"))
          expect(yield* act("young0", Effect.succeed("again"))).toEqual(Option.none())
        })
      )
    })
  )
})

describe.each(stacks)("an inbox that forgets, on $name", ({ layer: stack }) => {
  it.scoped.each([1, 10])("takes away no more at once than a step may: %i notes", (commitEvents) =>
    once(
      Layer.provide(stack, Limits.layer({ commitEvents })),
      NotedInbox.layer("mail", { remember: "1 second" })
    )(
      Effect.gen(function* () {
        yield* many("old", 30)
        yield* TestClock.adjust("2 seconds")
        yield* many("new", 30)
        const keys = (yield* remembered("mail")).map(({ key }) => key)
        expect(keys.filter((key) => key.startsWith("old"))).toEqual([])
        expect(keys).toHaveLength(30)
      })
    )
  )

  it.scoped("says so when it cannot, unless it may succeed the next time", () => {
    const { layer: logger, lines } = warnings()
    let reason: StoreError.Reason = "Busy"
    const unlucky = through(({ advance }, write) =>
      advance?.drop ? Effect.fail(StoreError.make(reason, "cannot be forgotten")) : write
    )
    return once(
      stack,
      Layer.provide(NotedInbox.layer("mail", { remember: "1 second" }), unlucky)
    )(
      Effect.gen(function* () {
        yield* many("old", 50)
        yield* TestClock.adjust("2 seconds")
        yield* many("new", 50)
        expect(lines).toEqual([])
        reason = "TooLarge"
        yield* many("newer", 100)
        expect(lines).toEqual([expect.stringMatching(/^inbox "mail" could not forget.*TooLarge/)])
        expect(yield* remembered("mail")).toHaveLength(200)
      })
    ).pipe(Effect.provide(logger))
  })
})
