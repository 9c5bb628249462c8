/**
 * Runs a reaction: decides the commands that answer an event and commits what they lead to together with the
 * reaction's checkpoint, so that they happen exactly once.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Aggregate from "../Domain/Aggregate.ts"
import type * as Message from "../Domain/Message.ts"
import type { Reaction } from "../Domain/Reaction.ts"
import type { Notes } from "../Services/Notes.ts"
import * as Subscriptions from "../Services/Subscriptions.ts"
import * as Checkpoint from "./Checkpoint.ts"
import * as Delivery from "./Delivery.ts"
import type { EventHandler } from "./EventHandler.ts"
import * as FailurePolicy from "./FailurePolicy.ts"
import * as Sending from "./Sending.ts"
import type { Snapshotter } from "./Snapshotter.ts"
import * as Subscription from "./Subscription.ts"

/**
 * Runs a reaction from its checkpoint on; its commands go to these aggregates. A command that is refused is a failure
 * of the event that led to it: by default the event is set aside, and the later ones of its stream with it.
 */
export const layer = <
  Name extends string,
  Events extends Message.List,
  Commands extends Message.List,
  const Aggregates extends ReadonlyArray<Aggregate.Any>
>(
  reaction: Reaction<Name, Events, Commands>,
  aggregates: Aggregates & Sending.Targets<Commands, Aggregates>,
  policy: Partial<FailurePolicy.Untimed> = {}
): Layer.Layer<
  Subscriptions.Running<Name>,
  Subscriptions.DuplicateSubscriber,
  Subscription.Requirements | Notes | Snapshotter
> =>
  Layer.scoped(
    Subscriptions.running(reaction),
    Effect.gen(function* () {
      const home = yield* Checkpoint.home
      const sending = yield* Sending.make(aggregates)

      const handler = (subscription: Subscriptions.Subscription): EventHandler<Message.TypeOf<Events>> => {
        const { send } = sending(subscription)
        return {
          name: reaction.name,
          codec: reaction.codec,
          policy: { ...FailurePolicy.decisions, ...policy },
          handle: (events, step) => {
            const commands = events.flatMap((recorded) => reaction.react(recorded))
            const [first] = events
            if (first === undefined || commands.length === 0) return Effect.succeed(false)
            const id = Sending.idOf(reaction.name, first)
            const metadata = { ...first.metadata, causationId: first.id }
            return Effect.as(send({ id, commands, metadata, time: first.recordedAt }, step), true)
          }
        }
      }

      return yield* Subscription.run({
        name: reaction.name,
        kind: "Reaction",
        interest: reaction.codec.interest,
        open: (epoch, subscription) =>
          Effect.flatMap(Checkpoint.claim(home, reaction.name, epoch), (checkpoint) =>
            Delivery.open(home, handler(subscription), checkpoint, subscription)
          ),
        position: home.log.checkpoint(reaction.name),
        remedy: Sending.remedy
      })
    })
  )
