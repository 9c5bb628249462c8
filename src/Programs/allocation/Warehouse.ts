/** A warehouse with few batches: what can be asked of it, and how its answers look. */
import type { Aggregate } from "everfold"
import { CommandHandler, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import { Allocate, ChangeBatchQuantity, CreateBatch } from "../../Domain/Allocation/Commands.ts"
import { Stock } from "../../Domain/Allocation/Stock.ts"
import { BatchRef, OrderId, Sku } from "../../Domain/Allocation/Values.ts"
import { batchesOf } from "../../Services/Allocation/Queries.ts"
import { say, table } from "../Terminal.ts"

/** Adds a batch, which lies in the warehouse unless it has an eta. */
export const create = (sku: string, batchRef: string, quantity: number, eta?: string) =>
  CommandHandler.handle(
    Stock,
    CreateBatch.make({
      sku: Sku.make(sku),
      batchRef: BatchRef.make(batchRef),
      quantity,
      ...(eta !== undefined && { eta })
    })
  )

/** Says how many units a batch has after all. */
export const resize = (sku: string, batchRef: string, quantity: number) =>
  CommandHandler.handle(
    Stock,
    ChangeBatchQuantity.make({ sku: Sku.make(sku), batchRef: BatchRef.make(batchRef), quantity })
  )

/** What an order wants. */
export type Wish = readonly [orderId: string, quantity: number]

/** Asks for the line of an order. */
export const allocate = (sku: string, [orderId, quantity]: Wish, options?: CommandHandler.Options) =>
  CommandHandler.handle(
    Stock,
    Allocate.make({ orderId: OrderId.make(orderId), sku: Sku.make(sku), quantity }),
    options
  )

/** Asks for one line after the other, then shows what the receipts say. */
export const orders = (sku: string, ...wishes: ReadonlyArray<Wish>) =>
  Effect.gen(function* () {
    const lines = wishes.map(([orderId, quantity]) => `${orderId} wants ${quantity}`)
    yield* say(`${lines.join(", ")}:`)
    const answers = yield* Effect.forEach(wishes, (wish) =>
      Effect.map(allocate(sku, wish), ({ events }) => events.map(({ event }) => describe(event)))
    )
    yield* Subscriptions.settled
    yield* table(answers.flat().map((columns) => ["", ...columns]))
  })

/** An event of the stock in columns. */
export const describe = (event: Aggregate.Event<typeof Stock>): ReadonlyArray<string | number> => {
  switch (event._tag) {
    case "Allocated":
    case "Deallocated":
      return [event._tag, event.orderId, event.quantity, event.batchRef]
    case "OutOfStock":
      return [event._tag, event.orderId, event.quantity, ""]
    case "BatchCreated":
    case "BatchQuantityChanged":
      return [event._tag, "", event.quantity, event.batchRef]
  }
}

/** The batches of a sku, in the order in which they are used up. */
export const batches = (sku: string) =>
  Effect.gen(function* () {
    yield* Subscriptions.settled
    const { rows } = yield* batchesOf(Sku.make(sku))
    yield* table(
      rows.map(({ available, batchRef, eta, quantity }) => [
        "",
        batchRef,
        eta === null ? "in the warehouse" : `expected ${eta}`,
        available,
        "of",
        quantity,
        "left"
      ])
    )
  })

/** Prints why a command was refused. */
export const refused = ({ message }: Aggregate.Rejection) => say(`refused: ${message}`)
