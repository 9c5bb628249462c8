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
  const line: Array<Deferred.Deferred<void>> = []

  const leave = (caller: Deferred.Deferred<void>) =>
    Effect.suspend(() => {
      const place = line.indexOf(caller)
      if (place >= 0) line.splice(place, 1)
      const [first] = line
      return place === 0 && first !== undefined ? Deferred.succeed(first, undefined) : Effect.void
    })

  return {
    take: (use) =>
      Effect.uninterruptibleMask((restore) =>
        Effect.flatMap(Deferred.make<void>(), (caller) =>
          Effect.suspend(() =>
            line.push(caller) === 1 ? Effect.void : restore(Deferred.await(caller))
          ).pipe(
            Effect.zipRight(restore(Effect.suspend(() => use(Effect.asVoid(leave(caller)))))),
            Effect.ensuring(leave(caller))
          )
        )
      )
  }
}
