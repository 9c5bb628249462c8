/** The same event twice: what comes of it in handlers that know no position, and in those that do. */
import {
  Decoding,
  EventStore,
  MessageBus,
  Projector,
  ReadModel,
  Subscriber,
  SubscriptionControl,
  Subscriptions
} from "everfold"
import type { Aggregate, Event } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { ProductViewed } from "../../../Domain/Catalogue/Events.ts"
import { Product } from "../../../Domain/Catalogue/Product.ts"
import { ViewCounts } from "../../../Domain/Catalogue/ViewCounts.ts"
import * as Shop from "../../Shop.ts"
import { say, section, table } from "../../Terminal.ts"

/** A bus stutters; then a checkpoint is lost after its effect has happened. */
export const tell = Effect.gen(function* () {
  yield* section("A duplicate is delivered")
  yield* Shop.create("vase", 30)
  yield* stutter.pipe(Effect.provide(Layer.provideMerge(Projector.layer(ViewCounts), stutteringBus)))
  yield* again
})

// internal

/** The bus, which delivers each page twice. */
const stutteringBus = Layer.effect(
  MessageBus.MessageBus,
  Effect.map(MessageBus.MessageBus, ({ subscribe }) => ({
    subscribe: Effect.gen(function* () {
      const { after, pages } = yield* subscribe
      const twice = yield* Queue.bounded<Event.Page>(16)
      const pass = Effect.flatMap(Queue.take(pages), (page) => Queue.offerAll(twice, [page, page]))
      yield* Effect.forkScoped(Effect.forever(pass))
      return { after, pages: twice }
    })
  }))
)

/** Handlers as in the example that this grew from: they believe whatever the bus delivers. */
const makeExample = () => {
  const row = { stock: 0, viewCount: 0 }
  const handle = (event: Aggregate.Event<typeof Product>) => {
    if (event._tag === "StockUpdated") row.stock = event.stock
    if (event._tag === "ProductViewed") row.viewCount += 1
  }
  return { row, handle }
}

const stutter = Effect.gen(function* () {
  const log = yield* EventStore.EventStore
  const start = yield* log.head
  const bus = yield* MessageBus.MessageBus
  const { pages } = yield* bus.subscribe
  const example = makeExample()
  yield* Shop.stock("vase", 25)
  yield* Effect.zipRight(Shop.view("vase"), Shop.view("vase"))
  const sent = (yield* log.head) - start
  yield* Stream.fromQueue(pages).pipe(
    Stream.mapConcat(({ events }) => events),
    Stream.filter(({ position }) => position > start),
    Stream.mapEffect((stored) => Decoding.one(Product.codec, stored)),
    Stream.flattenIterables,
    Stream.take(2 * sent),
    Stream.runForEach(({ event }) => Effect.sync(() => example.handle(event)))
  )
  yield* Subscriptions.settled
  const { row } = yield* ReadModel.get(ViewCounts, "vase")
  const views = Option.match(row, { onNone: () => 0, onSome: ({ views }) => views })
  yield* say(
    `A vase is sold, ${sent - 1} visitors look at one. A stuttering bus brings all ${sent} events`,
    "twice, to handlers as in the example that this grew from, and to ours:"
  )
  yield* table([
    ["", "the example", "INSERT OR REPLACE", example.row.stock, "in stock", "right: it is the same again"],
    ["", "the example", "view_count + 1", example.row.viewCount, "views", "wrong: it is one more again"],
    ["", "here", "views + 1", views, "views", "right: its position is past it"]
  ])
  yield* say("Rows and position are written together, so a fold here need not be idempotent.")
}).pipe(Effect.scoped)

/** A letter for each view, with its key on it. */
const makeLetters = () => {
  const keys: Array<string> = []
  const Letters = Subscriber.make("letters", { events: [ProductViewed] }).on({
    ProductViewed: ({ productId }, _, { key }) =>
      Effect.sync(() => {
        if (productId === "vase") keys.push(key)
      })
  })
  return { keys, Letters }
}

const again = Effect.suspend(() => {
  const { keys, Letters } = makeLetters()
  return Effect.gen(function* () {
    yield* Subscriptions.settled
    const log = yield* EventStore.EventStore
    yield* SubscriptionControl.moveTo(Letters, (yield* log.head) - 1)
    yield* Subscriptions.settled
    yield* say(
      "An effect outside is in no transaction. Whoever dies between a letter and its",
      `checkpoint sends it again (here it is moved back by one): ${keys.length} letters, with`,
      `${new Set(keys).size} different keys on them, by which the receiver drops what he has.`
    )
  }).pipe(Effect.provide(Subscriber.layer(Letters)))
})
