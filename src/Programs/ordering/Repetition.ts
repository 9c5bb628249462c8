/** A bus that repeats itself, and who counts right nevertheless. */
import type { Event } from "everfold"
import { Message, MessageBus, Projector } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import { ItemAdded } from "../../Domain/Ordering/Events.ts"
import { OrderSummary } from "../../Domain/Ordering/OrderSummary.ts"
import { getOrder } from "../../Services/Ordering/Queries.ts"
import { say, section, table } from "../Terminal.ts"
import { add, bob, confirm, create, orderId, send } from "./Orders.ts"
import { atRest } from "./Projections.ts"

/** Makes ORDER-005 while events come twice and later once more. */
export const tell = Effect.suspend(() => {
  const heard: Array<Event.Stored> = []
  return Effect.provide(counted(heard), Layer.provide(Projector.layer(OrderSummary), repeating(heard)))
})

// internal

/** A bus that gives each page, the same again, and the one before once more; and what it has given. */
const repeating = (heard: Array<Event.Stored>) =>
  Layer.effect(
    MessageBus.MessageBus,
    Effect.map(MessageBus.MessageBus, (bus) => ({
      subscribe: Effect.gen(function* () {
        const { after, pages } = yield* bus.subscribe
        const repeated = yield* Queue.bounded<Event.Page>(100)
        let before: ReadonlyArray<Event.Page> = []
        const repeat = (page: Event.Page) => {
          const given = [page, page, ...before]
          before = [page]
          heard.push(...given.flatMap(({ events }) => events))
          return Queue.offerAll(repeated, given)
        }
        yield* Effect.forkScoped(Effect.forever(Effect.flatMap(Queue.take(pages), repeat)))
        return { after, pages: repeated }
      })
    }))
  )

const counted = (heard: ReadonlyArray<Event.Stored>) =>
  Effect.gen(function* () {
    yield* section("A bus that repeats itself")
    // From then on, what comes comes by the bus.
    yield* atRest
    yield* Effect.forEach([create(5, bob), add(5, "Pen", 1, 200), add(5, "Ink", 1, 300), confirm(5)], send)
    const { row } = yield* getOrder(orderId(5))
    yield* say(`On the bus: ${heard.map(({ position }) => position).join(" ")}`)
    yield* table([
      ["in the log", new Set(heard.map(({ id }) => id)).size, "events"],
      ["items, if each is counted that comes", heard.filter(isItem).length],
      ["items, if the last event's id is remembered", heard.filter(isAnother).filter(isItem).length],
      [
        "items in the row, which has a position",
        Option.match(row, { onNone: () => 0, onSome: ({ items }) => items.length })
      ]
    ])
    yield* say(
      "To remember the last id, as the example does, helps against an echo only. A",
      "position lies in the log's order: what is not beyond it has been there."
    )
  })

const isItem = ({ type }: Event.Stored) => type === Message.tagOf(ItemAdded)

const isAnother = ({ id }: Event.Stored, index: number, all: ReadonlyArray<Event.Stored>) =>
  all[index - 1]?.id !== id
