/** Programs in a time of their own, which passes only when nobody can go on: hours take milliseconds, and repeat. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Interleaving from "./Interleaving.ts"

/** How a program is run. */
export interface Options {
  readonly seed: number
  /** How often a fiber gives way before an effect; between 0 and 1. */
  readonly share: number
  /** Told whenever time has passed, so that somebody could go on. */
  readonly step?: () => void
}

/** Runs a program in its own time, with its fibers in an order that depends on nothing but the seed. */
export const simulated =
  ({ seed, share, step = () => undefined }: Options) =>
  <A, E, R>(program: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.suspend(() => {
      const { clock, pass } = time()
      const idle = () => {
        const passed = pass()
        if (passed) step()
        return passed
      }
      return program.pipe(
        Effect.withClock(clock),
        Effect.withScheduler(Interleaving.scheduler({ seed, share, idle }))
      )
    })

// internal

interface Sleeper {
  readonly until: number
  readonly wake: () => void
}

const time = () => {
  const sleepers = new Set<Sleeper>()
  let now = beginning

  /** Goes on to when the next one wants to be woken; says whether there is one. */
  const pass = (): boolean => {
    if (sleepers.size === 0) return false
    now = Math.max(now, Math.min(...Array.from(sleepers, ({ until }) => until)))
    for (const sleeper of [...sleepers]) {
      if (sleeper.until > now) continue
      sleepers.delete(sleeper)
      sleeper.wake()
    }
    return true
  }

  const nanos = () => BigInt(now) * 1_000_000n
  const clock: Clock.Clock = {
    [Clock.ClockTypeId]: Clock.ClockTypeId,
    unsafeCurrentTimeMillis: () => now,
    unsafeCurrentTimeNanos: nanos,
    currentTimeMillis: Effect.sync(() => now),
    currentTimeNanos: Effect.sync(nanos),
    sleep: (duration) =>
      Effect.async<void>((resume) => {
        if (!Duration.isFinite(duration)) return
        const until = now + Math.ceil(Duration.toMillis(duration))
        const sleeper = { until, wake: () => resume(Effect.void) }
        sleepers.add(sleeper)
        return Effect.sync(() => void sleepers.delete(sleeper))
      })
  }
  return { clock, pass }
}

/** In milliseconds since 1970. */
const beginning = 1_000_000
