/** Interrupts an operation before one of its steps, while others are at work, and looks at what it has left behind. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { interleaved } from "../Interleaving.ts"
import type { Place } from "../WriteSide.ts"
import * as Countdown from "./Countdown.ts"
import type { Operation } from "./Operations.ts"
import { before } from "./Operations.ts"
import * as Remains from "./Remains.ts"

/** Which operation is interrupted, where and when. */
export interface Plan {
  readonly operation: Operation
  readonly place: Place
  /** How often fibers give way. */
  readonly share: number
  /** Before which step; with `Infinity` it comes to its end. */
  readonly step: number
}

/** What came of it. */
export interface Result {
  /** How many steps there were. */
  readonly steps: number
  readonly violations: ReadonlyArray<string>
}

/** Makes a plan come true. The same plan does the same things. */
export const run = ({ operation, place, share, step }: Plan): Effect.Effect<Result, unknown> =>
  Effect.suspend(() => {
    const countdown = Countdown.until(step)
    return Effect.gen(function* () {
      const log = yield* place.log()
      const target = operation.run(log.file ?? "")
      const trial = Effect.gen(function* () {
        yield* before
        const first = yield* Effect.fork(Remains.others.first)
        const fiber = yield* Effect.fork(target)
        yield* countdown.of(fiber)
        const last = yield* Effect.fork(Remains.others.last)
        const exit = yield* Fiber.await(fiber)
        yield* Fiber.join(first)
        yield* Fiber.join(last)
        return [
          ...(yield* Remains.asItLies(operation, exit, log)),
          ...(yield* Remains.asItGoesOn(operation, target))
        ]
      })
      const violations = yield* Effect.provide(trial, yield* log.stack)
      return { steps: yield* countdown.steps, violations }
    }).pipe(
      Effect.scoped,
      interleaved({ seed: 1, share, watch: countdown.step }),
      Effect.disconnect,
      Effect.timeoutTo({
        duration: "20 seconds",
        onTimeout: () => ({ steps: 0, violations: ["somebody waits for ever"] }),
        onSuccess: (result) => result
      })
    )
  })
