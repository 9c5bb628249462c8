/** The wake-up after a commit. It may ring too often, too late or never: the log is the truth, a ring a hint. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

/** The port between whoever commits and the bus of this process. */
export class Doorbell extends Context.Tag("everfold/Doorbell")<
  Doorbell,
  {
    /** Something was committed. Never waits. */
    readonly ring: Effect.Effect<void>
    /** Waits for a ring; rings that nobody waited for are one ring. Has one listener: the bus. */
    readonly rung: Effect.Effect<void>
  }
>() {}
