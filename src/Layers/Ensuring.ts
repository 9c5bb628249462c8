/** Does something at the end of an effect, whatever becomes of it. */
import * as Effect from "effect/Effect"

/** `Effect.ensuring` for a plain call; only where nobody can interrupt in between: inside `uninterruptibleMask`. */
export const ensuring = <A, E, R>(effect: Effect.Effect<A, E, R>, end: () => void): Effect.Effect<A, E, R> =>
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
