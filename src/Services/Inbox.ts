/** For receivers of messages that may come twice: each is acted on until that has succeeded, and not again. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type { StoreError } from "./StoreError.ts"

/** The port of inboxes. Its home is the log's database. */
export class Inbox extends Context.Tag("everfold/Inbox")<
  Inbox,
  {
    /**
     * Runs an effect unless it has succeeded under this key before; returns nothing then. Two at once under one key
     * take turns, in one program. If the program dies after the effect and before that is written down, it is run again:
     * at least once, and exactly once where the effect itself is a command under the key as its command id.
     */
    readonly once: <A, E, R>(
      key: string,
      effect: Effect.Effect<A, E, R>
    ) => Effect.Effect<Option.Option<A>, E | StoreError, R>
  }
>() {}
