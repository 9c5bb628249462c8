/** A clock on which nobody waits: as soon as nothing else happens, the first who is to wake does so. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Driver from "../Driver.ts"

/** Runs an effect by a clock of its own: five seconds of patience take no longer than their attempts. */
export const leaping = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.suspend(() => Effect.withClock(effect, make()))

// internal

/** How many there were in this process. */
let statements = 0
Driver.around((_, run) => {
  statements += 1
  return run()
})

interface Sleeper {
  readonly until: number
  readonly wake: () => void
}

const make = (): Clock.Clock => {
  const real = Clock.make()
  const sleepers = new Set<Sleeper>()
  let ahead = 0
  let leaps = false
  let seen = statements

  const now = () => real.unsafeCurrentTimeMillis() + ahead
  const nanos = () => real.unsafeCurrentTimeNanos() + BigInt(Math.ceil(ahead * 1_000_000))
  const leap = () => {
    leaps = false
    // Somebody is at work, and may only have let the event loop turn.
    if (seen !== statements) {
      seen = statements
      return ready()
    }
    const [first] = [...sleepers].sort((one, other) => one.until - other.until)
    if (first === undefined) return
    sleepers.delete(first)
    ahead += Math.max(0, first.until - now())
    first.wake()
    ready()
  }
  // Fibers that can go on do so before.
  const ready = () => {
    if (leaps || sleepers.size === 0) return
    leaps = true
    setImmediate(leap)
  }
  const sleep = (duration: Duration.Duration) =>
    Effect.async<void>((resume) => {
      const sleeper = { until: now() + Duration.toMillis(duration), wake: () => resume(Effect.void) }
      if (sleeper.until === Infinity) return
      sleepers.add(sleeper)
      ready()
      return Effect.sync(() => void sleepers.delete(sleeper))
    })

  return {
    ...real,
    sleep,
    unsafeCurrentTimeMillis: now,
    unsafeCurrentTimeNanos: nanos,
    currentTimeMillis: Effect.sync(now),
    currentTimeNanos: Effect.sync(nanos)
  }
}
