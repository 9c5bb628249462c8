/** Tries again, by a schedule, what has failed. Whoever succeeds at once does not pay for the schedule. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"

/** When to try again, and after which failures. */
export interface Options {
  readonly schedule: Schedule.Schedule<unknown>
  readonly while: (error: unknown) => boolean
  /** Told of each of these failures. */
  readonly failed?: (error: unknown) => Effect.Effect<void>
  /** Comes after the success of another attempt than the first. */
  readonly recovered?: Effect.Effect<void>
}

/** `Effect.retry`, begun by the first failure. */
export const retrying =
  (options: Options) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.catchIf(effect, options.while, (failure) => again(options, effect, failure))

/** `Effect.retry` of what has failed once. */
export const again = <A, E, R>(
  options: Options,
  effect: Effect.Effect<A, E, R>,
  failure: E
): Effect.Effect<A, E, R> => {
  const { failed = () => Effect.void, recovered = Effect.void, schedule } = options
  let next: Effect.Effect<A, E, R> = Effect.fail(failure)
  const attempt = Effect.suspend(() => {
    const now = next
    next = effect
    return now
  })
  const told = Effect.tapError(attempt, (error) => (options.while(error) ? failed(error) : Effect.void))
  return Effect.zipLeft(Effect.retry(told, { schedule, while: options.while }), recovered)
}

/** Waits longer each time, up to about `longest`; whoever has begun together does not go on together. */
export const backoff = (first: Duration.DurationInput, longest: Duration.DurationInput) =>
  Schedule.exponential(first).pipe(Schedule.union(Schedule.spaced(longest)), Schedule.jittered)
