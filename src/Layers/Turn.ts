/**
 * One at a time, in the order in which they asked. A `Semaphore` of Effect 3 loses its permit for ever when a fiber
 * is interrupted in the moment between taking it and being told; here a turn belongs to a caller, who hands it on
 * whenever the caller ends.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"

/** Who has the turn, and who waits for it. */
export interface Turn {
  /** Waits for the turn; the wait can be interrupted. The turn ends with `use`, or earlier by `leave`. */
  readonly take: <A, E, R>(
    use: (leave: Effect.Effect<void>) => Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E, R>
}

export const make = (): Turn => {
  const line: Array<Caller> = []

  const leave = (caller: Caller) =>
    Effect.suspend(() => {
      const place = line.indexOf(caller)
      if (place >= 0) line.splice(place, 1)
      const called = place === 0 ? line[0]?.called : undefined
      return called === undefined ? Effect.void : Deferred.succeed(called, undefined)
    })

  return {
    take: (use) =>
      Effect.uninterruptibleMask((restore) =>
        Effect.withFiberRuntime((fiber) => {
          const alone = line.length === 0
          const called = alone ? undefined : Deferred.unsafeMake<void>(fiber.id())
          const caller = { called }
          line.push(caller)
          const used = restore(Effect.suspend(() => use(Effect.asVoid(leave(caller)))))
          const turn = called === undefined ? used : Effect.zipRight(restore(Deferred.await(called)), used)
          return Effect.ensuring(turn, leave(caller))
        })
      )
  }
}

// internal

/** Somebody who has the turn or waits for it; whoever found nobody there was never called. */
interface Caller {
  readonly called: Deferred.Deferred<void> | undefined
}
