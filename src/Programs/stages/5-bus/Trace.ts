/** One request, found again in all that it has set off. */
import {
  CommandHandler,
  Decoding,
  EventCodec,
  EventStore,
  Metadata,
  Subscriber,
  Subscriptions
} from "everfold"
import type { Event } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { UpdateStock } from "../../../Domain/Catalogue/Commands.ts"
import { StockUpdated } from "../../../Domain/Catalogue/Events.ts"
import { threshold } from "../../../Domain/Catalogue/LowStock.ts"
import { Product } from "../../../Domain/Catalogue/Product.ts"
import { ProductId } from "../../../Domain/Catalogue/Values.ts"
import { ReorderPlaced } from "../../../Domain/Purchasing/Events.ts"
import { Reorder } from "../../../Domain/Purchasing/Reorder.ts"
import * as Purchasing from "../../../Layers/Purchasing/Module.ts"
import * as Shop from "../../Shop.ts"
import { say, section } from "../../Terminal.ts"

/** Two people ask for something; what one of them has set off is traced. */
export const tell = Effect.suspend(() => {
  const effects: Array<Done> = []
  return Effect.gen(function* () {
    yield* section("One request, traced through all that it has set off")
    yield* Effect.zipRight(Shop.create("rug", 30), Shop.create("bed", 30))
    yield* Subscriptions.settled
    // What newcomers have caught up with was asked for by others.
    effects.length = 0
    const log = yield* EventStore.EventStore
    const after = yield* log.head
    yield* count("bed", 4).pipe(Metadata.with({ actor: "eve", correlationId: "request-1" }))
    yield* count("rug", 3).pipe(Metadata.with({ actor: "bob", correlationId: "request-2" }))
    yield* Subscriptions.settled
    const { events } = yield* log.readAll({ after })
    const recorded = yield* Decoding.all(codec, events)
    const all = [...recorded.map(inTheLog), ...effects]
    const ofBob = all.filter(({ metadata }) => metadata.correlationId === "request-2")
    yield* say("Eve counts beds, Bob counts rugs. request-2 is Bob's:", ...tree(ofBob))
    yield* say(
      `${ofBob.length} of ${all.length} things done are his. A correlation is handed on from a command to its`,
      "events, and from an event to whatever answers it, with the event as the cause."
    )
  }).pipe(Effect.provide(answering(effects)))
})

// internal

/** Something that was done: an event was recorded, or something happened outside. */
interface Done {
  readonly what: string
  readonly metadata: Event.Metadata
  /** Of an event. */
  readonly id?: string
}

const codec = EventCodec.make([...Product.events, ...Reorder.events])

const count = (name: string, stock: number) =>
  CommandHandler.handle(Product, UpdateStock.make({ productId: ProductId.make(name), stock }))

const inTheLog = ({ event, id, metadata, stream }: Event.Recorded): Done => ({
  what: `event   ${event._tag}, ${stream}`,
  metadata,
  id
})

/** Purchasing, and two who do something outside and know on whose behalf. */
const answering = (effects: Array<Done>) => {
  const done = (what: string) =>
    Effect.map(Metadata.Current, (metadata) => void effects.push({ what: `effect  ${what}`, metadata }))
  const Message = Subscriber.make("message-to-staff", { events: [StockUpdated] }).on({
    StockUpdated: ({ productId, stock }) =>
      stock < threshold ? done(`message to the staff, ${productId}`) : Effect.void
  })
  const Letter = Subscriber.make("letter-to-supplier", { events: [ReorderPlaced] }).on({
    ReorderPlaced: ({ productId }) => done(`letter to the supplier, ${productId}`)
  })
  return Layer.mergeAll(Purchasing.layer, Subscriber.layer(Message), Subscriber.layer(Letter))
}

/** Each thing below what has caused it. */
const tree = (all: ReadonlyArray<Done>, cause?: string, depth = 1): ReadonlyArray<string> =>
  all
    .filter(({ metadata }) => metadata.causationId === cause)
    .toSorted((a, b) => (a.what < b.what ? -1 : 1))
    .flatMap(({ id, metadata, what }) => [
      `${"  ".repeat(depth)}${what}${cause === undefined ? `  (command of ${metadata.actor ?? "?"})` : ""}`,
      ...(id === undefined ? [] : tree(all, id, depth + 1))
    ])
