/** A batch has fewer units than it should have: whoever had them looks elsewhere, before anybody else can. */
import { Aggregate, History, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { Allocate } from "../../Domain/Allocation/Commands.ts"
import { Stock } from "../../Domain/Allocation/Stock.ts"
import { OrderId, Sku } from "../../Domain/Allocation/Values.ts"
import { allocationsOf } from "../../Services/Allocation/Queries.ts"
import { say, section, table } from "../Terminal.ts"
import * as Warehouse from "./Warehouse.ts"

/** Shrinks a batch, and asks what would have been if its lines had moved later. */
export const tell = Effect.gen(function* () {
  yield* section("In March, 5 lamps will come instead of 30")
  yield* say(`Bob has ${yield* allocations("bob")}. One command, one commit:`)
  const { events, version } = yield* Warehouse.resize("LAMP", "march", 5)
  yield* table(events.map(({ event, version }) => ["", version, ...Warehouse.describe(event)]))
  yield* Subscriptions.settled
  yield* say(
    `Bob has ${yield* allocations("bob")}: his line has moved in the decision that took its`,
    "batch. Had it moved afterwards, in answer to the event, with Zoe in between:"
  )
  yield* table(yield* later(version - 1))
  yield* say("The same functions have decided that; nothing of it is in the log.")
})

// internal

const sku = Sku.make("LAMP")

const allocations = (orderId: string) =>
  Effect.map(allocationsOf(OrderId.make(orderId)), ({ rows }) =>
    rows.map(({ batchRef, quantity }) => `${quantity} of "${batchRef}"`).join(", ")
  )

/** Bob's new line is not there yet, somebody asks for 20, and then Bob does. */
const later = (version: number) =>
  Effect.map(History.of(Stock, sku, { version }), (recorded) => {
    const history = recorded.map(({ event }) => event)
    const zoe = decided(history, "zoe", 20)
    const bob = decided([...history, ...zoe], "bob", 10)
    return [...zoe, ...bob].map((event) => ["", ...Warehouse.describe(event)])
  })

const decided = (history: ReadonlyArray<Aggregate.Event<typeof Stock>>, orderId: string, quantity: number) =>
  Either.getOrElse(
    Aggregate.given(Stock, ...history).when(Allocate.make({ orderId: OrderId.make(orderId), sku, quantity })),
    () => []
  )
