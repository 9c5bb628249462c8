/**
 * Runs a reaction: decides the commands that answer an event and commits what they lead to together with the
 * reaction's checkpoint, so that they happen exactly once.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Aggregate from "../Domain/Aggregate.ts"
import type { Advance } from "../Domain/Commit.ts"
import { CheckpointMoved, VersionConflict } from "../Domain/Commit.ts"
import type { Recorded, Stored } from "../Domain/Event.ts"
import * as Message from "../Domain/Message.ts"
import type { Reaction } from "../Domain/Reaction.ts"
import { EventStore } from "../Services/EventStore.ts"
import { Ids } from "../Services/Ids.ts"
import type { MessageBus } from "../Services/MessageBus.ts"
import * as StoreError from "../Services/StoreError.ts"
import * as Subscriptions from "../Services/Subscriptions.ts"
import * as Decision from "./Decision.ts"
import * as Handler from "./Handler.ts"
import type { Snapshotter } from "./Snapshotter.ts"
import * as State from "./State.ts"
import * as Subscription from "./Subscription.ts"

/** The aggregates that handle a reaction's commands; one that nobody handles does not compile. */
export type Targets<Commands extends Message.List, Aggregates extends ReadonlyArray<Aggregate.Any>> = [
  Exclude<Message.TagOf<Commands>, Aggregate.Command<Aggregates[number]>["_tag"]>
] extends [never]
  ? unknown
  : `nobody handles "${Exclude<Message.TagOf<Commands>, Aggregate.Command<Aggregates[number]>["_tag"]>}"`

/** Runs a reaction from its checkpoint on; its commands go to these aggregates. */
export const layer = <
  Name extends string,
  Events extends Message.List,
  Commands extends Message.List,
  const Aggregates extends ReadonlyArray<Aggregate.Any>
>(
  reaction: Reaction<Name, Events, Commands>,
  aggregates: Aggregates & Targets<Commands, Aggregates>
): Layer.Layer<
  Subscriptions.Running<Name>,
  Subscriptions.DuplicateSubscriber,
  EventStore | Ids | MessageBus | Snapshotter | Subscriptions.Subscriptions
> =>
  Layer.scoped(
    Subscriptions.running(reaction),
    Effect.gen(function* () {
      const log = yield* EventStore
      const sources = yield* State.sources
      const ids = yield* Ids
      Message.byTag(aggregates.flatMap(({ commands }) => commands))
      const routes = new Map(
        aggregates.flatMap((aggregate) =>
          Array.from(Message.byTag(aggregate.commands).keys(), (tag) => [tag, aggregate] as const)
        )
      )

      const answer = (recorded: Recorded, commands: ReadonlyArray<Message.Tagged>, advance: Advance) => {
        const attempt = Effect.fnUntraced(function* (id: string) {
          const metadata = Decision.metadata({ ...recorded.metadata, causationId: recorded.id }, id)
          const parts = yield* Decision.decideAll(sources, routes, commands, id, recorded.recordedAt)
          yield* log.append({ id, metadata, parts, advance })
        })
        return Effect.flatMap(ids.next, (id) => Effect.retry(attempt(id), again)).pipe(
          // It has answered already: what the aggregates say to a second time means nothing.
          Effect.catchAllCause((cause) =>
            Effect.flatMap(log.checkpoint(reaction.name), (reached) =>
              reached === advance.from
                ? Effect.failCause(cause)
                : Effect.fail(new CheckpointMoved({ subscriber: reaction.name, expected: advance.from }))
            )
          )
        )
      }
      const onEvent = (stored: Stored, advance: Advance) =>
        Effect.gen(function* () {
          const recorded = yield* reaction.codec.decode(stored)
          const commands = reaction.react(recorded)
          if (commands.length > 0) yield* answer(recorded, commands, advance)
          return commands.length > 0
        })

      return yield* Subscription.run({
        name: reaction.name,
        types: reaction.codec.types,
        checkpoint: log.checkpoint(reaction.name),
        handle: Handler.eachEvent(reaction.name, log, onEvent),
        remedy: "Nothing of its answer was written. Mend it and start again: it goes on with this event."
      })
    })
  )

// internal

/** Others may be writing to the same stream, or nobody knows what became of it: until it is through. */
const again = {
  schedule: Schedule.exponential("1 millis").pipe(
    Schedule.jittered,
    Schedule.union(Schedule.spaced("1 second"))
  ),
  while: (error: unknown) => error instanceof VersionConflict || StoreError.isUnknown(error)
}
