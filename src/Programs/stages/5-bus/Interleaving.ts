/** Two products whose events lie between each other: what has an order, and who needs which. */
import { Decoding, EventCodec, EventStore } from "everfold"
import type { Event } from "everfold"
import * as Effect from "effect/Effect"
import { StockUpdated } from "../../../Domain/Catalogue/Events.ts"
import * as Shop from "../../Shop.ts"
import { say, section, table } from "../../Terminal.ts"

/** Units are moved from one place to another, by two commands each time. */
export const tell = Effect.gen(function* () {
  yield* section("Two products interleave")
  yield* Shop.create("north", units.north)
  yield* Shop.create("south", units.south)
  const moved = yield* moves
  const inOrder = sums(moved)
  yield* say(`Of one article ${total(units)} units lie in two places. Twice, 5 go from north to south:`)
  yield* table(
    moved.map(({ event, position, version }, index) => [
      "",
      position,
      event.productId,
      `version ${version}:`,
      event.stock,
      "units; both together",
      inOrder[index] ?? 0
    ])
  )
  const byProduct = ["south", "north"].flatMap((name) =>
    moved.filter(({ event }) => event.productId === name)
  )
  yield* say(
    `In the order of the log units leave before they arrive: never more than ${total(units)}.`,
    `A bus with a queue per product may bring all of south first: ${sums(byProduct).join(", ")}.`,
    "Each product has kept its own order, the end is the same, but in between there",
    "are units out of nothing. Who folds several products needs the log's order."
  )
})

// internal

const units = { north: 30, south: 10 }

const codec = EventCodec.make([StockUpdated])

const total = (stock: Readonly<Record<string, number>>) =>
  Object.values(stock).reduce((sum, units) => sum + units, 0)

const moves = Effect.gen(function* () {
  const log = yield* EventStore.EventStore
  const after = yield* log.head
  yield* Shop.stock("north", 25)
  yield* Shop.stock("south", 15)
  yield* Shop.stock("north", 20)
  yield* Shop.stock("south", 20)
  const { events } = yield* log.readAll({ after, types: codec.types })
  return yield* Decoding.all(codec, events)
})

/** How many units there are in both places after each event, for whoever gets them in this order. */
const sums = (moved: ReadonlyArray<Event.Recorded<StockUpdated>>): ReadonlyArray<number> => {
  const stock: Record<string, number> = { ...units }
  return moved.map(({ event }) => {
    stock[event.productId] = event.stock
    return total(stock)
  })
}
