/**
 * SQLite answers at once, and fibers wake each other without the event loop: whoever only works with a database would
 * keep timers, signals and sockets waiting for as long as there is work.
 */
import * as Effect from "effect/Effect"

/** Asked before each operation, lets the event loop turn before every sixteenth; by count, so that runs can be repeated. */
export const breathing = (): Effect.Effect<void> => {
  let operations = 0
  return Effect.suspend(() => (++operations % operationsInOneTurn === 0 ? turn : Effect.void))
}

// internal

const operationsInOneTurn = 16

const turn = Effect.async<void>((resume) => {
  const immediate = setImmediate(() => resume(Effect.void))
  return Effect.sync(() => clearImmediate(immediate))
})
