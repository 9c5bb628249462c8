/** Tries again, by a schedule, what has failed. Whoever succeeds at once does not pay for the schedule. */
import * as Effect from "effect/Effect"
import type * as Schedule from "effect/Schedule"

/** When to try again, and after which failures. */
export interface Options {
  readonly schedule: Schedule.Schedule<unknown>
  readonly while: (error: unknown) => boolean
}

/** `Effect.retry`, begun by the first failure. */
export const retrying =
  (options: Options) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.catchIf(effect, options.while, (failure) => {
      let next: Effect.Effect<A, E, R> = Effect.fail(failure)
      const attempt = Effect.suspend(() => {
        const now = next
        next = effect
        return now
      })
      return Effect.retry(attempt, options)
    })
