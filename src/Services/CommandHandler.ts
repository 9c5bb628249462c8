/** The road of a command: state, decision, append, and again when somebody else was first. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Aggregate from "../Domain/Aggregate.ts"
import type { CommandIdReused, VersionConflict } from "../Domain/Commit.ts"
import type { Recorded } from "../Domain/Event.ts"
import type { Tagged } from "../Domain/Message.ts"
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

/** How a command is sent. */
export interface Options {
  /**
   * Names the wish behind the command, so that it may be sent again when its answer was lost: the second time
   * gets the receipt of the first. Unique in the log; ids that sort by time, such as UUIDs of version 7, are
   * cheaper to keep than random ones. Default: a new id, for a command that is sent once.
   */
  readonly commandId?: string
}

/** The port of commands. */
export class CommandHandler extends Context.Tag("everfold/CommandHandler")<
  CommandHandler,
  {
    /**
     * Decides on the newest state and makes the outcome durable before it returns. A command id takes effect
     * once. Fails with the rejections of this command, with `VersionConflict` when other processes were faster
     * several times in a row, with `CommandIdReused` when the id belongs to another request, or with
     * `StoreError`; then nothing was written, unless its reason is `OutcomeUnknown`.
     */
    readonly handle: <A extends Aggregate.Any, C extends Aggregate.Command<A>>(
      aggregate: A,
      command: C,
      options?: Options
    ) => Effect.Effect<
      Receipt<Aggregate.Event<A>>,
      Aggregate.RejectionOf<A, C> | VersionConflict | CommandIdReused | StoreError
    >
    /** What the command would lead to now. Writes nothing. */
    readonly preview: <A extends Aggregate.Any, C extends Aggregate.Command<A>>(
      aggregate: A,
      command: C
    ) => Effect.Effect<ReadonlyArray<Aggregate.Event<A>>, Aggregate.RejectionOf<A, C> | StoreError>
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
  command: C,
  options?: Options
): Effect.Effect<
  Receipt<Aggregate.Event<A>>,
  Aggregate.RejectionOf<A, C> | VersionConflict | CommandIdReused | StoreError,
  CommandHandler
> => Effect.flatMap(CommandHandler, (handler) => handler.handle(aggregate, command, options))

/** Decides without writing: the events that the command would lead to now, or its rejection. */
export const preview = <A extends Aggregate.Any, C extends Aggregate.Command<A>>(
  aggregate: A,
  command: C
): Effect.Effect<
  ReadonlyArray<Aggregate.Event<A>>,
  Aggregate.RejectionOf<A, C> | StoreError,
  CommandHandler
> => Effect.flatMap(CommandHandler, (handler) => handler.preview(aggregate, command))
