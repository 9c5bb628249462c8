import { describe, expect, it } from "@effect/vitest"
import { CommandMailbox, StoreError } from "everfold"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Scheduler from "effect/Scheduler"
import { defaults } from "../../src/Domain/Limits.ts"

/** Mailboxes for those who can be interrupted in their turn. */
const make = (limits: Partial<typeof defaults> = {}) => {
  const { enter } = CommandMailbox.make<string>({ ...defaults, ...limits })
  return {
    turn: <A, E, R>(stream: string, use: CommandMailbox.Use<string, A, E, R>) =>
      Effect.uninterruptibleMask((restore) =>
        enter(restore, stream, (mailbox, leave) => restore(use(mailbox, leave)))
      )
  }
}

type Mailboxes = ReturnType<typeof make>

/** Lets every fiber go as far as it can. */
const settle = Effect.repeatN(Effect.yieldNow(), 50)

/** Takes the turn of a stream and keeps it until it is told to end. */
const hold = ({ turn }: Mailboxes, stream: string) =>
  Effect.gen(function* () {
    const inside = yield* Deferred.make<void>()
    const end = yield* Deferred.make<void>()
    const fiber = yield* Effect.fork(
      turn(stream, () => Effect.zipRight(Deferred.succeed(inside, undefined), Deferred.await(end)))
    )
    yield* Deferred.await(inside)
    return { fiber, end: Effect.zipRight(Deferred.succeed(end, undefined), Fiber.join(fiber)) }
  })

/** What the mailbox of a stream keeps. */
const kept = ({ turn }: Mailboxes, stream: string) => turn(stream, ({ state }) => Effect.succeed(state))

/** Has the mailbox of a stream keep something. */
const keep = ({ turn }: Mailboxes, stream: string, text = `state of ${stream}`) =>
  turn(stream, (mailbox) => Effect.sync(() => void (mailbox.state = text)))

/** Whether the turn of a stream is free. */
const isFree = ({ turn }: Mailboxes, stream: string) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(turn(stream, () => Effect.void))
    yield* settle
    const exit = yield* Fiber.poll(fiber)
    yield* Fiber.interrupt(fiber)
    return Option.isSome(exit)
  })

describe("turns", () => {
  it.effect("come in the order in which they were asked for", () =>
    Effect.gen(function* () {
      const mailboxes = make()
      const { end, fiber } = yield* hold(mailboxes, "a")
      const order: Array<number> = []
      const enter = (n: number) => mailboxes.turn("a", () => Effect.sync(() => void order.push(n)))
      const waiting = yield* Effect.forEach([1, 2, 3, 4, 5], (n) => Effect.fork(enter(n)))
      yield* settle
      expect(order).toEqual([])
      yield* end
      yield* Fiber.joinAll([fiber, ...waiting])
      expect(order).toEqual([1, 2, 3, 4, 5])
    })
  )

  it.effect("whoever asks again stands behind those who wait", () =>
    Effect.gen(function* () {
      const mailboxes = make()
      const order: Array<string> = []
      const enter = (name: string, times: number): Effect.Effect<void, StoreError.StoreError> =>
        mailboxes
          .turn("a", () =>
            Effect.zipRight(
              Effect.yieldNow(),
              Effect.sync(() => void order.push(name))
            )
          )
          .pipe(Effect.repeatN(times - 1))
      yield* Effect.all([enter("x", 3), enter("y", 3), enter("z", 3)], { concurrency: "unbounded" })
      expect(order.join("")).toBe("xyzxyzxyz")
    })
  )

  it.effect("one at a time for a stream, and streams do not wait for each other", () =>
    Effect.gen(function* () {
      const mailboxes = make()
      yield* hold(mailboxes, "a")
      expect(yield* isFree(mailboxes, "a")).toBe(false)
      expect(yield* isFree(mailboxes, "b")).toBe(true)
    })
  )

  it.effect("cost the same, however many wait", () =>
    Effect.gen(function* () {
      /** How many tasks the scheduler runs for each of so many callers. */
      const tasks = (callers: number) => {
        let count = 0
        class Counting extends Scheduler.MixedScheduler {
          override scheduleTask(task: Scheduler.Task, priority: number) {
            count += 1
            super.scheduleTask(task, priority)
          }
        }
        const mailboxes = make()
        const caller = mailboxes.turn("a", () => Effect.yieldNow())
        return Effect.replicateEffect(caller, callers, { concurrency: "unbounded", discard: true }).pipe(
          Effect.withScheduler(new Counting(2048)),
          Effect.map(() => count / callers)
        )
      }
      const few = yield* tasks(20)
      expect(few).toBeGreaterThan(0)
      expect(yield* tasks(400)).toBeLessThan(2 * few)
    })
  )

  it.effect("`leave` lets the next one in, though the first has not ended", () =>
    Effect.gen(function* () {
      const mailboxes = make()
      const end = yield* Deferred.make<void>()
      const first = yield* Effect.fork(
        mailboxes.turn("a", (_, leave) => Effect.zipRight(Effect.sync(leave), Deferred.await(end)))
      )
      const inside: Array<string> = []
      const second = yield* hold(mailboxes, "a")
      const third = yield* Effect.fork(mailboxes.turn("a", () => Effect.sync(() => inside.push("third"))))
      yield* settle
      expect(inside).toEqual([])

      // Whoever has left cannot end the turn of another.
      yield* Deferred.succeed(end, undefined)
      yield* Fiber.join(first)
      yield* settle
      expect(inside).toEqual([])
      yield* second.end
      yield* Fiber.join(third)
      expect(inside).toEqual(["third"])
    })
  )

  it.effect("`leave` counts once", () =>
    Effect.gen(function* () {
      const mailboxes = make()
      const end = yield* Deferred.make<void>()
      const first = yield* Effect.fork(
        mailboxes.turn("a", (_, leave) =>
          Effect.zipRight(Effect.sync(leave), Effect.zipRight(Effect.sync(leave), Deferred.await(end)))
        )
      )
      yield* settle
      yield* hold(mailboxes, "a")
      expect(yield* isFree(mailboxes, "a")).toBe(false)
      yield* Deferred.succeed(end, undefined)
      yield* Fiber.join(first)
      expect(yield* isFree(mailboxes, "a")).toBe(false)
    })
  )
})

describe("nobody keeps a turn", () => {
  it.effect("who is interrupted while waiting leaves no trace", () =>
    Effect.gen(function* () {
      const mailboxes = make({ waitingCommands: 1 })
      const { end } = yield* hold(mailboxes, "a")
      // One place to wait, which is free again each time.
      for (let n = 0; n < 3; n++) {
        const waiting = yield* Effect.fork(kept(mailboxes, "a"))
        yield* settle
        expect(Exit.isInterrupted(yield* Fiber.interrupt(waiting))).toBe(true)
      }
      yield* end
      expect(yield* isFree(mailboxes, "a")).toBe(true)
    })
  )

  it.effect("nor does who is interrupted at any moment of the hand-over", () =>
    Effect.gen(function* () {
      for (let turns = 0; turns < 20; turns++) {
        const mailboxes = make()
        const { end } = yield* hold(mailboxes, "a")
        const interrupted = yield* Effect.fork(mailboxes.turn("a", () => Effect.yieldNow()))
        const next = yield* Effect.fork(kept(mailboxes, "a"))
        yield* settle
        yield* Effect.fork(end)
        for (let turn = 0; turn < turns; turn++) yield* Effect.yieldNow()
        yield* Fiber.interrupt(interrupted)
        yield* settle
        expect(Option.isSome(yield* Fiber.poll(next)), `after ${turns} turns`).toBe(true)
        expect(yield* isFree(mailboxes, "a")).toBe(true)
      }
    })
  )

  it.effect("who is interrupted inside, fails or dies", () =>
    Effect.gen(function* () {
      const mailboxes = make()
      const { fiber } = yield* hold(mailboxes, "a")
      yield* Fiber.interrupt(fiber)
      expect(yield* isFree(mailboxes, "a")).toBe(true)

      expect(yield* Effect.exit(mailboxes.turn("a", () => Effect.fail("no")))).toEqual(Exit.fail("no"))
      expect(yield* isFree(mailboxes, "a")).toBe(true)

      const dies = yield* Effect.exit(mailboxes.turn("a", () => Effect.die("never")))
      expect(Exit.isFailure(dies) && Cause.isDie(dies.cause)).toBe(true)
      const throws = yield* Effect.exit(
        mailboxes.turn("a", (): Effect.Effect<void> => {
          throw new Error("nor this")
        })
      )
      expect(Exit.isFailure(throws) && Cause.isDie(throws.cause)).toBe(true)
      expect(yield* isFree(mailboxes, "a")).toBe(true)
    })
  )
})

describe("mailboxes are bounded", () => {
  it.effect("in those who wait for one stream; when somebody has gone there is room again", () =>
    Effect.gen(function* () {
      const mailboxes = make({ waitingCommands: 2 })
      const { end } = yield* hold(mailboxes, "a")
      const waiting = yield* Effect.forEach(["1", "2"], () => Effect.fork(kept(mailboxes, "a")))
      yield* settle
      const error = yield* Effect.flip(kept(mailboxes, "a"))
      expect(error).toMatchObject({ _tag: "StoreError", reason: "Overloaded", transient: true })
      expect(error.details).toContain("wait for a")
      expect(yield* isFree(mailboxes, "b")).toBe(true)

      yield* end
      yield* Fiber.joinAll(waiting)
      expect(yield* isFree(mailboxes, "a")).toBe(true)
    })
  )

  it.effect("in the streams that nobody waits for: the longest unused is dropped first", () =>
    Effect.gen(function* () {
      const mailboxes = make({ states: 2 })
      yield* keep(mailboxes, "a")
      yield* keep(mailboxes, "b")
      expect(yield* kept(mailboxes, "a")).toBe("state of a")
      yield* keep(mailboxes, "c")
      expect(yield* kept(mailboxes, "a")).toBe("state of a")
      expect(yield* kept(mailboxes, "c")).toBe("state of c")
      expect(yield* kept(mailboxes, "b")).toBeUndefined()
    })
  )

  it.effect("never in those that are in use", () =>
    Effect.gen(function* () {
      const mailboxes = make({ states: 1 })
      yield* keep(mailboxes, "inside")
      const { end } = yield* hold(mailboxes, "inside")
      const end2 = yield* Deferred.make<void>()
      const left = yield* Effect.fork(
        mailboxes.turn("left", (mailbox, leave) =>
          Effect.zipRight(
            Effect.sync(() => void (mailbox.state = "state of left")),
            Effect.zipRight(Effect.sync(leave), Deferred.await(end2))
          )
        )
      )
      for (const stream of ["x", "y", "z"]) yield* keep(mailboxes, stream)
      expect(yield* isFree(mailboxes, "inside")).toBe(false)
      expect(yield* kept(mailboxes, "left")).toBe("state of left")

      yield* end
      expect(yield* kept(mailboxes, "inside")).toBe("state of inside")
      yield* Deferred.succeed(end2, undefined)
      yield* Fiber.join(left)
      yield* keep(mailboxes, "x")
      expect(yield* kept(mailboxes, "left")).toBeUndefined()
    })
  )
})
