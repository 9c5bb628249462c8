/** Sends commands in the name of a subscriber: what they lead to is committed together with a step, all or nothing. */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Aggregate from "../Domain/Aggregate.ts"
import type { Advance, Commit } from "../Domain/Commit.ts"
import { CommandIdReused, VersionConflict } from "../Domain/Commit.ts"
import type { Encoded, Envelope, Metadata } from "../Domain/Event.ts"
import type { CodecError } from "../Domain/EventCodec.ts"
import type * as Message from "../Domain/Message.ts"
import * as EventStore from "../Services/EventStore.ts"
import * as StoreError from "../Services/StoreError.ts"
import type { Subscription } from "../Services/Subscriptions.ts"
import * as Decision from "./Decision.ts"
import * as Patience from "./Patience.ts"
import * as Retrying from "./Retrying.ts"
import * as State from "./State.ts"

/** Commands that belong together, and why they are sent. */
export interface Letter<Command = Message.Tagged> {
  /** Permanent: sent once more, the letter is found in the log by it, and nothing happens again. */
  readonly id: string
  readonly commands: ReadonlyArray<Command>
  readonly metadata: Metadata
  /** What they are decided by, in milliseconds since 1970. */
  readonly time: number
}

/** The id of what a subscriber sends because of an event. */
export const idOf = (subscriber: string, { position }: Envelope): string => `${subscriber}@${position}`

/** The aggregates that handle a subscriber's commands; one that nobody handles does not compile. */
export type Targets<Commands extends Message.List, Aggregates extends ReadonlyArray<Aggregate.Any>> = [
  Exclude<Message.TagOf<Commands>, Aggregate.Command<Aggregates[number]>["_tag"]>
] extends [never]
  ? unknown
  : `nobody handles "${Exclude<Message.TagOf<Commands>, Aggregate.Command<Aggregates[number]>["_tag"]>}"`

/** What somebody can do when a subscriber has halted at an event that it answers with commands. */
export const remedy =
  "Nothing of its answer was written. Mend it and start again: it goes on with this event."

/**
 * Sends commands to aggregates, for whoever runs a subscription; while something stands in the way that passes, its
 * status says so. Fails with the rejection of the first that is refused; `CheckpointMoved` when somebody else has taken
 * the step.
 */
export const make = (aggregates: ReadonlyArray<Aggregate.Any>) =>
  Effect.gen(function* () {
    const log = yield* EventStore.EventStore
    const sources = yield* State.sources
    const routes = Decision.routes(aggregates)

    return (subscription: Subscription) => {
      const persistently = Patience.persistently(subscription)
      const untilWon = Patience.persistently(subscription, isLost)
      // Decided again, it would meet its own events, if it has been written.
      const append = (commit: Commit) => persistently(log.append(commit))

      const attempt = ({ commands, id, metadata, time }: Letter, advance: Advance) =>
        Effect.gen(function* () {
          const head = { id, request: advance.subscriber, metadata: Decision.metadata(metadata, id) }
          const parts = yield* Effect.catchAll(
            Decision.decideAll(sources, routes, commands, id, time),
            // Decided today it may be refused, though it has happened.
            (refusal) =>
              Effect.flatMap(append({ ...head, parts: [] }), ({ duplicate }) =>
                duplicate ? Effect.succeed([]) : Effect.fail(refusal)
              )
          )
          const { duplicate } = yield* append({ ...head, parts, advance })
          // Found, it has not moved the checkpoint.
          if (duplicate) yield* EventStore.advance(log, advance)
        }).pipe(again, untilWon)

      const send = (letter: Letter, advance: Advance): Effect.Effect<void, unknown> =>
        Effect.catchIf(
          attempt(letter, advance),
          (error) => error instanceof CommandIdReused,
          // Somebody has taken the id for a command of their own.
          () => send({ ...letter, id: `${letter.id}'` }, advance)
        )
      /** Sends commands as they were stored. */
      const sendStored = (letter: Letter<Encoded>, advance: Advance): Effect.Effect<void, unknown> =>
        Effect.flatMap(
          Effect.forEach(letter.commands, (command) => decoded(routes, command)),
          (commands) => send({ ...letter, commands }, advance)
        )
      return { send, sendStored }
    }
  })

// internal

/** Somebody else was faster to write to the same stream. */
const isLost = (error: unknown): error is VersionConflict => error instanceof VersionConflict

/** A race is lost now and then, and no news; so many in a row are. */
const again = Retrying.retrying({
  schedule: Schedule.intersect(Retrying.backoff("1 millis", "1 second"), Schedule.recurs(5)),
  while: isLost
})

const decoded = (
  routes: ReadonlyMap<string, Aggregate.Any>,
  command: Encoded
): Effect.Effect<Message.Tagged, CodecError | StoreError.StoreError> => {
  const aggregate = routes.get(command.type)
  return aggregate === undefined
    ? Effect.fail(StoreError.make("Undecodable", `nobody handles ${command.type} any more`))
    : Aggregate.typed(aggregate).commandCodec.decodePayload(command)
}
