/**
 * One at a time, in the order in which they asked. A `Semaphore` of Effect 3 loses its permit for ever when a fiber
 * is interrupted in the moment between taking it and being told; here a turn belongs to a caller, who hands it on
 * whenever the caller ends.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"

/** Who has the turn, and who waits for it. */
export interface Turn {
  /** Waits for the turn; the wait can be interrupted. The turn ends with `use`, or earlier by `leave`. */
  readonly take: <A, E, R>(use: Use<A, E, R>) => Effect.Effect<A, E, R>
  /**
   * The same inside an `uninterruptibleMask`, of which `restore` is: takes the place in line at once, and nobody
   * interrupts `use`.
   */
  readonly enter: <A, E, R>(restore: Restore, use: Use<A, E, R>) => Effect.Effect<A, E, R>
  /** How many have asked and have not ended, whether they have left or not. */
  readonly callers: () => number
  /** Whether nobody has the turn. */
  readonly isFree: () => boolean
}

/** What is done in a turn. */
export type Use<A, E, R> = (leave: () => void) => Effect.Effect<A, E, R>

/** Makes interruptible what was so outside. */
export type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** A turn that nobody has; `idle` is called whenever nobody wants it any more. */
export const make = (idle: () => void = () => undefined): Turn => {
  const line: Array<Caller> = []
  let callers = 0

  const leave = (caller: Caller): void => {
    const place = line.indexOf(caller)
    if (place >= 0) line.splice(place, 1)
    const called = place === 0 ? line[0]?.called : undefined
    if (called !== undefined) Deferred.unsafeDone(called, Effect.void)
  }

  const enter: Turn["enter"] = (restore, use) => {
    const called = line.length === 0 ? undefined : Deferred.unsafeMake<void>(FiberId.none)
    const caller = { called }
    line.push(caller)
    callers += 1
    const used = Effect.suspend(() => use(() => leave(caller)))
    const turn = called === undefined ? used : Effect.zipRight(restore(Deferred.await(called)), used)
    return ensuring(turn, () => {
      leave(caller)
      callers -= 1
      if (callers === 0) idle()
    })
  }

  return {
    take: (use) => Effect.uninterruptibleMask((restore) => enter(restore, (leave) => restore(use(leave)))),
    enter,
    callers: () => callers,
    isFree: () => line.length === 0
  }
}

// internal

/** `Effect.ensuring` for a plain call, where nobody can interrupt in between. */
const ensuring = <A, E, R>(effect: Effect.Effect<A, E, R>, end: () => void): Effect.Effect<A, E, R> =>
  Effect.matchCauseEffect(effect, {
    onFailure: (cause) => {
      end()
      return Effect.failCause(cause)
    },
    onSuccess: (value) => {
      end()
      return Effect.succeed(value)
    }
  })

/** Somebody who has the turn or waits for it; whoever found nobody there was never called. */
interface Caller {
  readonly called: Deferred.Deferred<void> | undefined
}
