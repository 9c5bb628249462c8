/** Sends commands in the name of a subscriber: what they lead to is committed together with a step, all or nothing. */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Aggregate from "../Domain/Aggregate.ts"
import type { Advance } from "../Domain/Commit.ts"
import { CommandIdReused, VersionConflict } from "../Domain/Commit.ts"
import type { Encoded, Metadata } from "../Domain/Event.ts"
import type { CodecError } from "../Domain/EventCodec.ts"
import type * as Message from "../Domain/Message.ts"
import { EventStore } from "../Services/EventStore.ts"
import { Ids } from "../Services/Ids.ts"
import * as StoreError from "../Services/StoreError.ts"
import * as Decision from "./Decision.ts"
import * as State from "./State.ts"

/** Commands that belong together, and why they are sent. */
export interface Letter<Command = Message.Tagged> {
  readonly commands: ReadonlyArray<Command>
  readonly metadata: Metadata
  /** What they are decided by, in milliseconds since 1970. */
  readonly time: number
}

/**
 * Sends commands to aggregates. Fails with the rejection of the first that is refused; `CheckpointMoved` when somebody
 * else has taken the step. Each time under a fresh id: that it happens once comes from the step.
 */
export const make = (aggregates: ReadonlyArray<Aggregate.Any>) =>
  Effect.gen(function* () {
    const log = yield* EventStore
    const ids = yield* Ids
    const sources = yield* State.sources
    const routes = Decision.routes(aggregates)

    const attempt = ({ commands, metadata, time }: Letter, advance: Advance, id: string) =>
      Effect.gen(function* () {
        const parts = yield* Decision.decideAll(sources, routes, commands, id, time)
        const request = requestOf(advance)
        const commit = { id, request, metadata: Decision.metadata(metadata, id), parts, advance }
        // Decided again, it would meet its own events, if it has been written.
        yield* Effect.retry(log.append(commit), { schedule, while: StoreError.isUnknown })
      })
    const send = (letter: Letter, advance: Advance): Effect.Effect<void, unknown> =>
      Effect.flatMap(ids.next, (id) => Effect.retry(attempt(letter, advance, id), again)).pipe(
        Effect.retry(underAnotherId)
      )
    return {
      send,
      /** Sends commands as they were stored. */
      sendStored: (letter: Letter<Encoded>, advance: Advance): Effect.Effect<void, unknown> =>
        Effect.flatMap(
          Effect.forEach(letter.commands, (command) => decoded(routes, command)),
          (commands) => send({ ...letter, commands }, advance)
        )
    }
  })

// internal

/** Says which step a commit takes: under an id that is not new after all, another one is not taken for it. */
const requestOf = ({ drop = [], from, subscriber, to }: Advance): string =>
  JSON.stringify([subscriber, from, to, drop.map(({ key, kind, order }) => [kind, key, order])])

/** Until it is through. */
const schedule = Schedule.exponential("1 millis").pipe(
  Schedule.jittered,
  Schedule.union(Schedule.spaced("1 second"))
)

/** Others may be writing to the same stream. */
const again = { schedule, while: (error: unknown) => error instanceof VersionConflict }

/** Ids may begin to count again with each program. */
const underAnotherId = { times: 1000, while: (error: unknown) => error instanceof CommandIdReused }

const decoded = (
  routes: ReadonlyMap<string, Aggregate.Any>,
  command: Encoded
): Effect.Effect<Message.Tagged, CodecError | StoreError.StoreError> => {
  const aggregate = routes.get(command.type)
  return aggregate === undefined
    ? Effect.fail(StoreError.make("Undecodable", `nobody handles ${command.type} any more`))
    : Aggregate.typed(aggregate).commandCodec.decodePayload(command)
}
