/** Tries again, for as long as it takes, what can succeed without anybody's help. */
import * as Effect from "effect/Effect"
import { StoreError } from "../Services/StoreError.ts"
import type { Subscription } from "../Services/Subscriptions.ts"
import * as Retrying from "./Retrying.ts"

/**
 * Whether the same call can succeed later without anybody's help. Where a position moves by compare-and-set, an
 * outcome that nobody knows is no harm: another attempt finds it.
 */
export const isTransient = (error: unknown): error is StoreError =>
  error instanceof StoreError && (error.transient || error.reason === "OutcomeUnknown")

/** When it is tried again. */
export const schedule = Retrying.backoff("50 millis", "5 seconds")

/** Tries again what is nobody's news. */
export const persisting = Retrying.retrying({ schedule, while: isTransient })

/** The same for a subscriber: its status says so. */
export const persistently = (
  subscription: Subscription,
  passes: (error: unknown) => error is Error = isTransient
) =>
  Retrying.retrying({
    schedule,
    while: passes,
    failed: (error) =>
      passes(error)
        ? subscription.update(({ errors }) => ({
            status: "Retrying",
            errors: errors + 1,
            error: error.message
          }))
        : Effect.void,
    recovered: recovered(subscription)
  })

/** It has succeeded: the error is none any more. */
export const recovered = (subscription: Subscription): Effect.Effect<void> =>
  subscription.update(({ status }) =>
    status === "Retrying" ? { status: "CatchingUp", error: undefined } : {}
  )
