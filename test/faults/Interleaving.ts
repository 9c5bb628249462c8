/** Fibers in an order that depends on nothing but a seed, so that what goes wrong between two steps can be repeated. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type * as Scheduler from "effect/Scheduler"
import { PCGRandom } from "effect/Utils"

/** How a program is run. */
export interface Options {
  readonly seed: number
  /** How often a fiber gives way before an effect; between 0 and 1. */
  readonly share: number
  /** Told of each effect, before it is made. */
  readonly watch?: (fiber: Fiber.RuntimeFiber<unknown, unknown>) => void
  /** Asked when nobody can go on; says whether to ask again if still nobody can. */
  readonly idle?: () => boolean
}

/**
 * Runs a program whose fibers give way at random, and go on in a random order. Nobody waits for less than a
 * tenth of a second: the time of the program jumps.
 */
export const interleaved =
  (options: Options) =>
  <A, E, R>(program: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.clockWith((outside) =>
      program.pipe(Effect.withClock(hurried(outside)), Effect.withScheduler(scheduler(options)))
    )

/** Lets fibers give way at random, and go on in a random order. */
export const scheduler = ({ idle, seed, share, watch }: Options): Scheduler.Scheduler => {
  const chance = new PCGRandom(seed)
  const giveWay = new WeakSet<object>()
  const ready: Array<Scheduler.Task> = []
  const pause = () =>
    share === 0 ? Infinity : Math.ceil(Math.log(1 - chance.number()) / Math.log(1 - share))
  let effects = pause()
  let running = false
  let pauses = 0

  const next = () => {
    const index = chance.integer(ready.length)
    const task = ready[index]
    const last = ready.pop()
    if (last !== undefined && index < ready.length) ready[index] = last
    task?.()
  }
  const run = () => {
    for (let turns = 0; turns < turnsAtOnce && ready.length > 0; turns++) next()
    running = ready.length > 0
    if (running) setImmediate(run)
    else if (idle !== undefined) rest(idle)
  }
  // Whoever only gives way to the event loop comes back first.
  const rest = (idle: () => boolean) => {
    const quiet = ++pauses
    setImmediate(() => {
      if (running || quiet !== pauses) return
      if (idle() && !running) rest(idle)
    })
  }

  return {
    shouldYield: (fiber) => {
      if (giveWay.has(fiber) && fiber.currentOpCount <= wayBack) return false
      watch?.(fiber)
      giveWay.delete(fiber)
      if (--effects > 0) return false
      effects = pause()
      giveWay.add(fiber)
      return 0
    },
    scheduleTask: (task) => {
      ready.push(task)
      if (running) return
      running = true
      queueMicrotask(run)
    }
  }
}

// internal

/** After so many the event loop turns. */
const turnsAtOnce = 2000

/** Effect comes back from giving way in so many steps of its own; giving way in them as well would never end. */
const wayBack = 10

const hurried = (outside: Clock.Clock): Clock.Clock => {
  let millis = 1_000_000
  const nanos = () => BigInt(millis) * 1_000_000n
  return {
    [Clock.ClockTypeId]: Clock.ClockTypeId,
    unsafeCurrentTimeMillis: () => millis,
    unsafeCurrentTimeNanos: nanos,
    currentTimeMillis: Effect.sync(() => millis),
    currentTimeNanos: Effect.sync(nanos),
    sleep: (duration) =>
      Duration.toMillis(duration) >= 100
        ? outside.sleep(duration)
        : Effect.suspend(() => {
            millis += Math.ceil(Duration.toMillis(duration))
            return Effect.yieldNow()
          })
  }
}
