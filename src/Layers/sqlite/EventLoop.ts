/**
 * SQLite answers at once, and fibers wake each other without the event loop: whoever only works with a database would
 * keep timers, signals and sockets waiting for as long as there is work.
 */
import * as Effect from "effect/Effect"

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

const turn = Effect.async<void>((resume) => {
  const immediate = setImmediate(() => resume(Effect.void))
  return Effect.sync(() => clearImmediate(immediate))
})
