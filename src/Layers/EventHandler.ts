/** What a reaction, a process or a subscriber with effects does with the events that are delivered to it. */
import type * as Effect from "effect/Effect"
import type { Advance } from "../Domain/Commit.ts"
import type { Recorded } from "../Domain/Event.ts"
import type { Reading } from "../Domain/EventCodec.ts"
import type { Tagged } from "../Domain/Message.ts"
import type { Untimed } from "./FailurePolicy.ts"

/** Who handles events. */
export interface EventHandler<E extends Tagged> {
  readonly name: string
  readonly codec: Reading<E>
  readonly policy: Untimed
  /**
   * Does what an event means, and commits what it leads to together with a step of the checkpoint. Says whether it has
   * taken the step; where there was no reason to, the checkpoint moves later.
   */
  readonly handle: (
    events: ReadonlyArray<Recorded<E>>,
    step: Advance,
    attempt: number
  ) => Effect.Effect<boolean, unknown>
  /** Events with the same one wait for each other when one fails; default: the stream. */
  readonly sequence?: (recorded: Recorded<E>) => string
  /** Sends once more what was refused. */
  readonly resend?: (commands: string, step: Advance) => Effect.Effect<void, unknown>
}
