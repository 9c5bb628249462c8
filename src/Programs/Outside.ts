/** The world outside of a program, which remembers what no restart and no restore takes back. */
import { EventStore, Message, type StoreError, Subscriber } from "everfold"
import * as Effect from "effect/Effect"
import { StockUpdated } from "../Domain/Catalogue/Events.ts"
import { ReorderPlaced } from "../Domain/Purchasing/Events.ts"
import { say } from "./Terminal.ts"

/** Letters that have arrived, and orders that were placed. */
export interface Outside {
  /** Sends a letter for each change of stock, with the event's id on it. */
  readonly letters: Subscriber.Subscriber<"letters", StockUpdated, never>
  /** Prints what has come since it was last asked: letters, letters that had come before, orders. */
  readonly account: Effect.Effect<void, StoreError.StoreError, EventStore.EventStore>
}

export const make = (): Outside => {
  const known = new Set<string>()
  const since = { letters: 0, again: 0, orders: 0 }
  const receive = (id: string) => {
    since.letters += 1
    if (known.has(id)) since.again += 1
    known.add(id)
  }
  return {
    letters: Subscriber.make("letters", { events: [StockUpdated] }).on({
      StockUpdated: (_, { id }) => Effect.sync(() => receive(id))
    }),
    account: Effect.gen(function* () {
      const placed = yield* ordersPlaced
      const orders = placed - since.orders
      yield* say(`Account: letters ${since.letters}, for the second time ${since.again}; orders ${orders}.`)
      Object.assign(since, { letters: 0, again: 0, orders: placed })
    })
  }
}

// internal

const ordersPlaced = Effect.gen(function* () {
  const log = yield* EventStore.EventStore
  const { events } = yield* log.readAll({ types: [Message.tagOf(ReorderPlaced)] })
  return events.length
})
