/** Live fan-out of what is committed, by this process or any other: once, in the order of the log, volatile. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Queue from "effect/Queue"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Page, Recorded } from "../Domain/Event.ts"
import * as EventCodec from "../Domain/EventCodec.ts"
import type * as Message from "../Domain/Message.ts"
import * as Decoding from "./Decoding.ts"
import * as StoreError from "./StoreError.ts"

/** A listener was too slow: what was committed after `after` and up to `to` went by without it. */
export class Lagged extends Schema.TaggedError<Lagged>()("Lagged", {
  after: Schema.Int,
  to: Schema.Int
}) {
  override get message() {
    return `missed what was committed at positions ${this.after + 1} to ${this.to}`
  }
}

/** What goes by on the bus from some position on. */
export interface Feed {
  /** What was committed up to here has gone by already. */
  readonly after: number
  /** Each page continues the one before, unless pages were lost in between. */
  readonly pages: Queue.Dequeue<Page>
}

/** The port of the bus. */
export class MessageBus extends Context.Tag("everfold/MessageBus")<
  MessageBus,
  {
    /**
     * The pages committed from now on. Bounded: a reader that falls behind loses the oldest pages, and sees it
     * in `after`.
     */
    readonly subscribe: Effect.Effect<Feed, never, Scope.Scope>
  }
>() {}

/**
 * The events committed from now on, of the given types, decoded. Fails with `Lagged` when it was overtaken; who
 * must see everything is a subscriber, not a listener.
 */
export const listen = <const L extends Message.List>(
  events: L
): Stream.Stream<Recorded<Message.TypeOf<L>>, Lagged | StoreError.StoreError, MessageBus> => {
  const codec = EventCodec.make(events)
  const types = new Set(codec.types)
  return Stream.unwrapScoped(
    Effect.map(
      Effect.flatMap(MessageBus, (bus) => bus.subscribe),
      ({ after, pages }) =>
        Stream.fromQueue(pages).pipe(
          Stream.mapAccumEffect(after, (reached, page) =>
            page.after > reached
              ? Effect.fail(new Lagged({ after: reached, to: page.after }))
              : Effect.succeed([Math.max(reached, page.to), page.events] as const)
          ),
          Stream.flattenIterables,
          Stream.filter((stored) => types.has(stored.type)),
          Stream.mapEffect((stored) => Decoding.one(codec, stored)),
          Stream.flattenIterables
        )
    )
  )
}
