/**
 * The bus: a doorbell (or the poll) has it read the log after what it has already fanned out, unless the doorbell has
 * brought it, and publish the pages. So every process sees every process's events, once, in the order of the log.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as PubSub from "effect/PubSub"
import type { Page } from "../Domain/Event.ts"
import { Doorbell } from "../Services/Doorbell.ts"
import { EventStore } from "../Services/EventStore.ts"
import { MessageBus } from "../Services/MessageBus.ts"
import type { StoreError } from "../Services/StoreError.ts"
import { backoff } from "./Retrying.ts"
import * as Turn from "./Turn.ts"

/** How the bus finds what nobody rang for. */
export interface Options {
  /** How often to look at the log, whoever rings; without it only a ring wakes the bus. */
  readonly poll?: Duration.DurationInput
  /** How many pages a slow reader may be behind before it loses the oldest; default 16. */
  readonly capacity?: number
}

export const make = ({ capacity = 16, poll }: Options) =>
  Effect.gen(function* () {
    const store = yield* EventStore
    const doorbell = yield* Doorbell
    const pubsub = yield* Effect.acquireRelease(PubSub.sliding<Page>(capacity), PubSub.shutdown)
    const turn = Turn.make()
    let reached = yield* store.head

    const publish = (page: Page) =>
      Effect.suspend(() => {
        reached = page.to
        return PubSub.publish(pubsub, page)
      })
    const fanOut = Effect.gen(function* () {
      while (true) {
        const page = yield* store.readAll({ after: reached })
        if (page.to === reached) return
        yield* publish(page)
      }
    })
    // What comes with the ring need not be read, if it goes on where the bus is.
    const hear = (news?: Page) => turn.take(() => (news?.after === reached ? publish(news) : persistent))
    const persistent = fanOut.pipe(
      Effect.tapErrorCause((cause) =>
        Effect.logError("the bus could not read the log and tries again", cause)
      ),
      Effect.sandbox,
      Effect.retry(backoff("100 millis", "5 seconds"))
    )

    // Where nobody is behind and nothing is being read, whoever rings hands it round: no fiber has to wake up for that.
    const atOnce = (news: Page) => {
      const taken = news.after === reached && turn.isFree() && isIdle(pubsub) && pubsub.unsafeOffer(news)
      if (taken) reached = news.to
      return taken
    }
    const listen = Effect.gen(function* () {
      while (true) yield* hear(yield* doorbell.rung(atOnce))
    })
    yield* Effect.forkScoped(listen)
    // Beside the rings: a timeout for each of them would take longer than what they bring.
    if (poll !== undefined) yield* Effect.forkScoped(Effect.forever(Effect.delay(hear(), poll)))
    // First the subscription, then the position: a page in between is seen twice rather than missed.
    const subscribe = Effect.map(PubSub.subscribe(pubsub), (pages) => ({ after: reached, pages }))
    return MessageBus.of({ subscribe })
  })

/** Fans out in memory; begins at the head of the log. */
export const layer = (options: Options = {}): Layer.Layer<MessageBus, StoreError, EventStore | Doorbell> =>
  Layer.scoped(MessageBus, make(options))

// internal

/** Whether everybody has taken every page. */
const isIdle = (pubsub: PubSub.PubSub<Page>): boolean =>
  Option.exists(pubsub.unsafeSize(), (pages) => pages === 0)
