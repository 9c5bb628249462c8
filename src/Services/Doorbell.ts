/** The wake-up after a commit. It may ring too often, too late or never: the log is the truth, a ring a hint. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Page } from "../Domain/Event.ts"

/** The port between whoever commits and the bus of this process. */
export class Doorbell extends Context.Tag("everfold/Doorbell")<
  Doorbell,
  {
    /** Something was committed: the next page of the log, if it is at hand and not large. Never waits. */
    readonly ring: (news?: Page) => Effect.Effect<void>
    /** Waits for a ring; of rings that nobody waited for, the last one. Has one listener: the bus. */
    readonly rung: Effect.Effect<Page | undefined>
  }
>() {}
