/**
 * Fibers wake each other without the event loop: whoever works without a rest would keep timers, signals and sockets
 * waiting for as long as there is work. What is waited for here passes in real time, whatever the clock of a test says.
 */
import * as Effect from "effect/Effect"

/** Lets the event loop of Node turn once; a fiber that only yields would hold it up. */
export const turn: Effect.Effect<void> = Effect.async((resume) => {
  const immediate = setImmediate(() => resume(Effect.void))
  return Effect.sync(() => clearImmediate(immediate))
})

/** Does nothing for so many milliseconds, and lets the event loop turn at least, wherever the program runs. */
export const pause = (milliseconds: number): Effect.Effect<void> =>
  Effect.async((resume) => {
    const timer = setTimeout(() => resume(Effect.void), milliseconds)
    return Effect.sync(() => clearTimeout(timer))
  })

/** Lets the event loop turn before every sixteenth operation; by count, so that runs can be repeated. */
export const breathing = () => {
  let operations = 0
  return <A, E, R>(operation: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.suspend(() =>
      ++operations % operationsInOneTurn === 0 ? Effect.zipRight(turn, operation) : operation
    )
}

// internal

const operationsInOneTurn = 16
