/** Runs a process: stores what each event leads to with the checkpoint, and sends it from there. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Aggregate from "../Domain/Aggregate.ts"
import type * as Message from "../Domain/Message.ts"
import type { Process } from "../Domain/Process.ts"
import * as EventStore from "../Services/EventStore.ts"
import * as Limits from "../Services/Limits.ts"
import type { Notes } from "../Services/Notes.ts"
import * as Subscriptions from "../Services/Subscriptions.ts"
import * as Checkpoint from "./Checkpoint.ts"
import * as Delivery from "./Delivery.ts"
import type { EventHandler } from "./EventHandler.ts"
import * as FailurePolicy from "./FailurePolicy.ts"
import * as Outbox from "./Outbox.ts"
import * as ParkedEvents from "./ParkedEvents.ts"
import * as ProcessDecision from "./ProcessDecision.ts"
import * as ProcessMemory from "./ProcessMemory.ts"
import * as Sending from "./Sending.ts"
import type { Snapshotter } from "./Snapshotter.ts"
import * as Subscription from "./Subscription.ts"

/**
 * Runs a process from its checkpoint on; its commands go to these aggregates. What they refuse is set aside, and what
 * the same process sends later waits behind it.
 */
export const layer = <
  Name extends string,
  State,
  Events extends Message.List,
  Commands extends Message.List,
  const Aggregates extends ReadonlyArray<Aggregate.Any>
>(
  process: Process<Name, State, Events, Commands>,
  aggregates: Aggregates & Sending.Targets<Commands, Aggregates>,
  policy: Partial<FailurePolicy.Untimed> = {}
): Layer.Layer<
  Subscriptions.Running<Name>,
  Subscriptions.DuplicateSubscriber,
  Subscription.Requirements | Notes | Snapshotter
> =>
  Layer.scoped(
    Subscriptions.running(process),
    Effect.gen(function* () {
      const home = yield* Checkpoint.home
      const sending = yield* Sending.make(aggregates)
      const decide = ProcessDecision.make(home, process, yield* Limits.Current)
      const limits = { ...FailurePolicy.decisions, ...policy }

      const open = (epoch: number, subscription: Subscriptions.Subscription) =>
        Effect.gen(function* () {
          const { sendStored } = sending(subscription)
          const checkpoint = yield* Checkpoint.claim(home, process.name, epoch)
          const parked = yield* ParkedEvents.open(checkpoint, subscription, limits)
          const outbox = Outbox.open({ home, checkpoint, parked, send: sendStored })
          const handler: EventHandler<Message.TypeOf<Events>> = {
            name: process.name,
            codec: process.codec,
            policy: limits,
            sequence: process.key,
            handle: (events, advance) =>
              Effect.gen(function* () {
                const step = yield* decide(events, advance)
                yield* EventStore.advance(home.log, step)
                outbox.added(step.keep)
                return true
              }),
            resend: (commands, step) =>
              Effect.flatMap(ProcessMemory.readOutgoing(commands), (outgoing) => sendStored(outgoing, step))
          }
          const delivery = yield* Delivery.openWith(home, handler, checkpoint, parked, subscription)
          return {
            ...delivery,
            chores: (time: number) => Effect.zipRight(delivery.chores(time), outbox.flush(time))
          }
        })

      return yield* Subscription.run({
        name: process.name,
        kind: "Process",
        interest: process.codec.interest,
        open,
        position: home.log.checkpoint(process.name),
        remedy: Sending.remedy
      })
    })
  )
