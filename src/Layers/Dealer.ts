/** Who deals with events one at a time: a reaction, a process, a subscriber with effects. */
import type * as Effect from "effect/Effect"
import type { Advance } from "../Domain/Commit.ts"
import type { Recorded } from "../Domain/Event.ts"
import type { Reading } from "../Domain/EventCodec.ts"
import type { Tagged } from "../Domain/Message.ts"
import type { Untimed } from "./FailurePolicy.ts"

/** Who deals with events. */
export interface Dealer<E extends Tagged> {
  readonly name: string
  readonly codec: Reading<E>
  readonly policy: Untimed
  /**
   * Deals with what an event means, and commits what it leads to together with a step of the checkpoint. Says whether it
   * has taken the step; where there was no reason to, the checkpoint moves later.
   */
  readonly deal: (
    events: ReadonlyArray<Recorded<E>>,
    step: Advance,
    attempt: number
  ) => Effect.Effect<boolean, unknown>
  /** Events with the same one wait for each other when one fails; default: the stream. */
  readonly sequence?: (recorded: Recorded<E>) => string
  /** Sends once more what was refused. */
  readonly resend?: (commands: string, step: Advance) => Effect.Effect<void, unknown>
}
