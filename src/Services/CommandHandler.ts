/** The road of a command: load, replay, decide, append, and again when somebody else was first. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Aggregate from "../Domain/Aggregate.ts"
import type { Recorded } from "../Domain/Event.ts"
import type { Tagged } from "../Domain/Message.ts"
import type { VersionConflict } from "./EventStore.ts"
import type { StoreError } from "./StoreError.ts"

/** What an accepted command returns. */
export interface Receipt<out E extends Tagged = Tagged> {
  readonly stream: string
  /** The version of the stream afterwards. */
  readonly version: number
  /** The position of the stream's last event: whoever has reached it has seen what this command did. */
  readonly position: number
  /** What was recorded; empty when there was nothing to do. */
  readonly events: ReadonlyArray<Recorded<E>>
}

/** The port of commands. */
export class CommandHandler extends Context.Tag("everfold/CommandHandler")<
  CommandHandler,
  {
    /**
     * Decides on the newest state and makes the outcome durable before it returns. Fails with the rejections
     * of this command, with `VersionConflict` when others were faster several times in a row, or with
     * `StoreError`; then nothing was written, unless its reason is `OutcomeUnknown`.
     */
    readonly handle: <A extends Aggregate.Any, C extends Aggregate.Command<A>>(
      aggregate: A,
      command: C
    ) => Effect.Effect<
      Receipt<Aggregate.Event<A>>,
      Aggregate.RejectionOf<A, C> | VersionConflict | StoreError
    >
  }
>() {}

/**
 * Handles a command.
 *
 * @example
 * const receipt = yield* CommandHandler.handle(Account, Withdraw.make({ accountId: "alice", amount: 30 }))
 */
export const handle = <A extends Aggregate.Any, C extends Aggregate.Command<A>>(
  aggregate: A,
  command: C
): Effect.Effect<
  Receipt<Aggregate.Event<A>>,
  Aggregate.RejectionOf<A, C> | VersionConflict | StoreError,
  CommandHandler
> => Effect.flatMap(CommandHandler, (handler) => handler.handle(aggregate, command))
