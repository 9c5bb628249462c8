/**
 * The story of allocation: which order gets units of which batch, what happens when a batch has fewer than it should
 * have, who is told when something is out of stock, and who gets the last one. It needs ports, and a post office.
 */
import { EventStore } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ConsoleNotifier from "../../Layers/Allocation/ConsoleNotifier.ts"
import * as Allocation from "../../Layers/Allocation/Module.ts"
import * as Shop from "../Shop.ts"
import { say, section } from "../Terminal.ts"
import * as Notices from "./Notices.ts"
import * as Race from "./Race.ts"
import * as Shrink from "./Shrink.ts"
import * as Warehouse from "./Warehouse.ts"

/** Tells the story, on a log that nobody has written to. */
export const program = (post: Notices.Post) =>
  Effect.gen(function* () {
    yield* Shop.begin
    yield* Effect.provide(lamps, Layer.provide(Allocation.layer, ConsoleNotifier.layer))
    yield* Notices.swap(post)
    yield* Race.tell
  })

// internal

const lamps = Effect.gen(function* () {
  yield* bought
  yield* ordered
  yield* again
  yield* Shrink.tell
  yield* Notices.short
})

const logHead = Effect.flatMap(EventStore.EventStore, (log) => log.head)

const bought = Effect.gen(function* () {
  yield* section("Three batches of lamps")
  yield* Warehouse.create("LAMP", "april", 50, "2026-04-01")
  yield* Warehouse.create("LAMP", "shelf", 20)
  yield* Warehouse.create("LAMP", "march", 30, "2026-03-01")
  yield* Warehouse.batches("LAMP")
})

const ordered = Effect.gen(function* () {
  yield* section("The warehouse first, then what arrives earliest")
  yield* Warehouse.orders("LAMP", ["ann", 15], ["bob", 10], ["cid", 5], ["dan", 25])
  yield* say(
    "The batch is read from the receipt. A line is never split, so what ann",
    "has left on the shelf was too little for bob, and enough for cid:"
  )
  yield* Warehouse.batches("LAMP")
})

const again = Effect.gen(function* () {
  yield* section("Ann asks again")
  const { events, version } = yield* Warehouse.allocate("LAMP", ["ann", 15])
  yield* say(`For the same line: ${events.length} new events, the stock stays at version ${version}.`)
  const before = yield* logHead
  yield* Effect.catchTag(
    Effect.asVoid(Warehouse.allocate("LAMP", ["ann", 20])),
    "AllocatedOtherwise",
    Warehouse.refused
  )
  yield* Effect.catchTag(
    Effect.asVoid(Warehouse.allocate("LAMPE", ["ann", 1])),
    "UnknownSku",
    Warehouse.refused
  )
  const after = yield* logHead
  yield* say(`Both are errors with a type. Events that they have left in the log: ${after - before}.`)
})
