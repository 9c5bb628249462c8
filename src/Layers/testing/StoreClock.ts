/** The clock of a log under test, which a case may set: a log tells time by its own clock, not by its callers'. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** Sets the clock of what was built with `layer`. */
export class StoreClock extends Context.Tag("everfold/testing/StoreClock")<
  StoreClock,
  {
    /**
     * Lets the clock stand still at a time, in milliseconds since 1970, while an effect runs. What waits goes on
     * waiting by the clock outside.
     */
    readonly at: <A, E, R>(time: number, effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  }
>() {}

/** The clock outside, until it is set. */
export const layer: Layer.Layer<StoreClock> = Layer.unwrapEffect(
  Effect.map(Effect.clock, (outside) => {
    let still: number | undefined
    const millis = () => still ?? outside.unsafeCurrentTimeMillis()
    const nanos = () =>
      still === undefined ? outside.unsafeCurrentTimeNanos() : BigInt(Math.round(still * 1_000_000))
    const clock: Clock.Clock = {
      [Clock.ClockTypeId]: Clock.ClockTypeId,
      unsafeCurrentTimeMillis: millis,
      unsafeCurrentTimeNanos: nanos,
      currentTimeMillis: Effect.sync(millis),
      currentTimeNanos: Effect.sync(nanos),
      sleep: (duration: Duration.Duration) => outside.sleep(duration)
    }
    const to = (time: number | undefined) => Effect.sync(() => void (still = time))
    const at = <A, E, R>(time: number, effect: Effect.Effect<A, E, R>) =>
      Effect.acquireUseRelease(
        to(time),
        () => Effect.withClock(effect, clock),
        () => to(undefined)
      )
    return Layer.merge(Layer.setClock(clock), Layer.succeed(StoreClock, { at }))
  })
)
