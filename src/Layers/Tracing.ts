/** Spans for whoever collects them. */
import * as Context from "effect/Context"
import * as DefaultServices from "effect/DefaultServices"
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"

/** A span around an effect, unless the tracer is the one that nobody has set: it keeps nothing. */
export const withSpan =
  (name: string, attributes: Readonly<Record<string, unknown>>) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.withFiberRuntime<A, E, R>(({ currentDefaultServices }) =>
      Context.get(currentDefaultServices, Tracer.Tracer) === silent
        ? effect
        : Effect.useSpan(name, { attributes, captureStackTrace: false }, (span) =>
            Effect.withParentSpan(effect, span)
          )
    )

// internal

const silent = Context.get(DefaultServices.liveServices, Tracer.Tracer)
