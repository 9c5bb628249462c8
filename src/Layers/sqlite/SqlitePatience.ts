/** Waits for locks without blocking the event loop. */
import type * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { StoreError } from "../../Services/StoreError.ts"
import { retrying } from "../Retrying.ts"
import { isBusy } from "../sql/WriteTransaction.ts"

/** A reader meets a lock only while another process opens, recovers or closes the file; then it waits. */
export const patiently: <A>(effect: Effect.Effect<A, StoreError>) => Effect.Effect<A, StoreError> = retrying({
  schedule: Schedule.intersect(Schedule.spaced("20 millis"), Schedule.recurs(250)),
  while: isBusy
})
