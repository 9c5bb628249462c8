/** Waits for locks without blocking the event loop. */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { StoreError } from "../../Services/StoreError.ts"

/** A reader meets a lock only while another process opens, recovers or closes the file; then it waits. */
export const patiently = <A>(effect: Effect.Effect<A, StoreError>): Effect.Effect<A, StoreError> =>
  Effect.catchAll(effect, (error) =>
    isBusy(error) ? Effect.retry(effect, { schedule: patience, while: isBusy }) : Effect.fail(error)
  )

// internal

const isBusy = ({ reason }: StoreError) => reason === "Busy"

const patience = Schedule.intersect(Schedule.spaced("20 millis"), Schedule.recurs(250))
