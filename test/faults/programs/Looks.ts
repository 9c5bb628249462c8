/** Looking at what other processes do, again and again: they cannot be waited for in any other way. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/** It never came. */
export class Awaited extends Data.TaggedError("Awaited")<{ readonly message: string }> {}

/** Looks until it is so; fails when nobody would wait for it any longer, with what can be said then. */
export const until = (
  what: string,
  isSo: () => boolean,
  why: () => string = () => ""
): Effect.Effect<void, Awaited> =>
  Effect.gen(function* () {
    while (!isSo()) yield* Effect.sleep("5 millis")
  }).pipe(
    Effect.timeoutFail({
      duration: "30 seconds",
      onTimeout: () => new Awaited({ message: `still waited for: ${what} ${why()}` })
    })
  )

/** Whether it is so within some time. */
export const within = (millis: number, isSo: () => boolean): Effect.Effect<boolean> =>
  Effect.gen(function* () {
    const start = performance.now()
    while (!isSo()) {
      if (performance.now() - start > millis) return false
      yield* Effect.sleep("5 millis")
    }
    return true
  })

/** How long something takes, and how late this process was itself meanwhile: nobody can help a busy machine. */
export const timed = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const start = performance.now()
    const beat = 10
    let [last, late] = [start, 0]
    const beats = setInterval(() => {
      const now = performance.now()
      late += Math.max(0, now - last - beat)
      last = now
    }, beat)
    const value = yield* Effect.ensuring(
      effect,
      Effect.sync(() => clearInterval(beats))
    )
    return { value, millis: performance.now() - start, late }
  })
