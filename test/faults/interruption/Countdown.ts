/** Interrupts a fiber before one of the steps that it, and everybody beside it, makes until it ends. */
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"

type AnyFiber = Fiber.RuntimeFiber<unknown, unknown>

/** A step is an effect of any fiber. */
export interface Countdown {
  /** Is to be told of each step before it is made. */
  readonly step: (fiber: AnyFiber) => void
  /** Counts from the first step of this fiber to its last. */
  readonly of: (fiber: AnyFiber) => Effect.Effect<void>
  /** How many there were. */
  readonly steps: Effect.Effect<number>
}

/** Counts until the n-th step; `Infinity` lets the fiber come to its end. */
export const until = (n: number): Countdown => {
  let steps = 0
  let target: AnyFiber | undefined
  return {
    step: (fiber) => {
      if (target === undefined || (steps === 0 && fiber !== target)) return
      steps += 1
      if (steps === n) target.unsafeInterruptAsFork(FiberId.none)
    },
    of: (fiber) =>
      Effect.sync(() => {
        target = fiber
        fiber.addObserver(() => (target = undefined))
      }),
    steps: Effect.sync(() => steps)
  }
}
