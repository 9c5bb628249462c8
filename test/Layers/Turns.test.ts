import { expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Turns from "../../src/Layers/Turns.ts"

/** Lets every fiber go as far as it can. */
const settle = Effect.repeatN(Effect.yieldNow(), 50)

/** Takes the turn of a key and keeps it until it is told to end. */
const hold = ({ take }: Turns.Turns, key: string) =>
  Effect.gen(function* () {
    const inside = yield* Deferred.make<void>()
    const end = yield* Deferred.make<void>()
    const fiber = yield* Effect.fork(
      take(key, Effect.zipRight(Deferred.succeed(inside, undefined), Deferred.await(end)))
    )
    yield* Deferred.await(inside)
    return { fiber, end: Effect.zipRight(Deferred.succeed(end, undefined), Fiber.join(fiber)) }
  })

it.effect("those with the same key go one after the other, and others go on", () =>
  Effect.gen(function* () {
    const turns = Turns.make(10)
    const order: Array<string> = []
    const note = (text: string) => Effect.sync(() => void order.push(text))
    const { end } = yield* hold(turns, "a")
    const waiting = yield* Effect.forEach(["a1", "a2", "a3"], (text) =>
      Effect.fork(turns.take("a", Effect.zipRight(Effect.yieldNow(), note(text))))
    )
    yield* settle
    yield* turns.take("b", note("b"))
    expect(order).toEqual(["b"])
    yield* end
    yield* Fiber.joinAll(waiting)
    expect(order).toEqual(["b", "a1", "a2", "a3"])
  })
)

it.effect("too many are Overloaded; when somebody has gone there is room again", () =>
  Effect.gen(function* () {
    const turns = Turns.make(1)
    const { end } = yield* hold(turns, "a")
    const waiting = yield* Effect.fork(turns.take("a", Effect.void))
    yield* settle
    expect(yield* Effect.flip(turns.take("a", Effect.void))).toMatchObject({
      reason: "Overloaded",
      details: "too many wait for a"
    })
    yield* Fiber.interrupt(waiting)
    const next = yield* Effect.fork(turns.take("a", Effect.void))
    yield* settle
    yield* end
    yield* Fiber.join(next)
  })
)

it.effect("whoever comes when all others have gone has the turn alone, however they went", () =>
  Effect.gen(function* () {
    const turns = Turns.make(10)
    const first = yield* hold(turns, "a")
    yield* Fiber.interrupt(first.fiber)
    expect(yield* Effect.flip(turns.take("a", Effect.fail("no")))).toBe("no")
    yield* hold(turns, "a")
    const waiting = yield* Effect.fork(turns.take("a", Effect.void))
    yield* settle
    expect(yield* Fiber.poll(waiting)).toMatchObject({ _tag: "None" })
  })
)
