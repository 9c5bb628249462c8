/** The wake-up after a commit. It may ring too often, too late or never: the log is the truth, a ring a hint. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Page } from "../Domain/Event.ts"

/** The port between whoever commits and the bus of this process. */
export class Doorbell extends Context.Tag("everfold/Doorbell")<
  Doorbell,
  {
    /** Something was committed: the next page of the log, if it is at hand and not large. Never waits. */
    readonly ring: (news?: Page) => void
    /**
     * Waits for a ring; several that nobody waited for are one. Has one listener: the bus. What that takes `atOnce`, in
     * the same step as whoever rings, is not waited for.
     */
    readonly rung: (atOnce: (news: Page) => boolean) => Effect.Effect<Page | undefined>
  }
>() {}
