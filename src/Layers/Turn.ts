/**
 * One at a time, in the order in which they asked. A `Semaphore` of Effect 3 loses its permit for ever when a fiber
 * is interrupted in the moment between taking it and being told; here a turn belongs to a caller, who hands it on
 * whenever the caller ends.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { ensuring } from "./Ensuring.ts"

/** Who has the turn, and who waits for it. */
export interface Turn {
  /** Waits for the turn; the wait can be interrupted. The turn ends with `use`, or earlier by `leave`. */
  readonly take: <A, E, R>(use: (leave: () => void) => Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** Whether nobody has it. */
  readonly isFree: () => boolean
}

export const make = (): Turn => {
  const line: Array<Caller> = []

  const leave = (caller: Caller): void => {
    const place = line.indexOf(caller)
    if (place >= 0) line.splice(place, 1)
    const called = place === 0 ? line[0]?.called : undefined
    if (called !== undefined) Deferred.unsafeDone(called, Effect.void)
  }

  return {
    take: (use) =>
      Effect.uninterruptibleMask((restore) =>
        Effect.withFiberRuntime((fiber) => {
          const called = line.length === 0 ? undefined : Deferred.unsafeMake<void>(fiber.id())
          const caller = { called }
          const end = () => leave(caller)
          line.push(caller)
          const used = restore(Effect.suspend(() => use(end)))
          const turn = called === undefined ? used : Effect.zipRight(restore(Deferred.await(called)), used)
          return ensuring(turn, end)
        })
      ),
    isFree: () => line.length === 0
  }
}

// internal

/** Somebody who has the turn or waits for it; whoever found nobody there was never called. */
interface Caller {
  readonly called: Deferred.Deferred<void> | undefined
}
