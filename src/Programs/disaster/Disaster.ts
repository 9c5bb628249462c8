/**
 * The drill: what can happen to the files of a program is caused, seen, and put right; and each time it is counted what
 * was done twice. It needs ports, and somebody who can lay hands on the files.
 */
import { CommandHandler, ReadModel, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { ProductDetail } from "../../Domain/Catalogue/ProductDetail.ts"
import { ProductId } from "../../Domain/Catalogue/Values.ts"
import { FulfilReorder } from "../../Domain/Purchasing/Commands.ts"
import { OpenOrder } from "../../Domain/Purchasing/OpenOrder.ts"
import { Reorder } from "../../Domain/Purchasing/Reorder.ts"
import { OrderId } from "../../Domain/Purchasing/Values.ts"
import * as Disk from "./Disk.ts"
import * as Restore from "./Restore.ts"
import * as Drill from "./Drill.ts"
import * as Shop from "../Shop.ts"
import { quote, say, section } from "../Terminal.ts"

/** Goes through the drill, in a folder where there is nothing. */
export const program = (files: Drill.Files) => {
  const drill = Drill.make(files)
  return Effect.gen(function* () {
    yield* work(drill)
    yield* rowsDeleted(drill)
    yield* Restore.olderBackup(drill)
    yield* Restore.flippedByte(drill)
    yield* checkpointsLost(drill)
    yield* Disk.full(drill)
    yield* section("In the end")
    yield* say("The log of the first shop:")
    yield* Effect.flatMap(files.verify, Drill.tellReport)
  }).pipe(drill.heard.listening)
}

// internal

const work = ({ app, files, outside }: Drill.Drill) =>
  Effect.gen(function* () {
    yield* section("A day's work, and a backup")
    yield* Shop.begin
    yield* Shop.create("lamp", 30)
    yield* Shop.create("desk", 40)
    yield* Effect.zipRight(Shop.stock("lamp", 3), Subscriptions.settled)
    yield* Effect.zipRight(Shop.stock("desk", 2), Subscriptions.settled)
    yield* arrives("desk")
    yield* Effect.zipRight(Shop.stock("desk", 50), Subscriptions.settled)
    yield* say(`In stock: ${yield* Drill.rows}. A letter was sent for each change of stock,`)
    yield* say("lamps and desks were ordered, and the desks have arrived.")
    yield* outside.account
    const { events } = yield* files.backup
    yield* say(`Backup while the program runs: ${events} events.`)
  }).pipe(Effect.provide(app))

const arrives = (name: string) =>
  Effect.gen(function* () {
    const { row } = yield* ReadModel.get(OpenOrder, name)
    const orderId = OrderId.make(Option.getOrThrow(row).orderId)
    yield* CommandHandler.handle(Reorder, FulfilReorder.make({ productId: ProductId.make(name), orderId }))
  })

const rowsDeleted = ({ app, files, heard, outside }: Drill.Drill) =>
  Effect.gen(function* () {
    yield* section("read.db is deleted while the program runs")
    yield* Effect.gen(function* () {
      yield* files.deleteRows
      const { position } = yield* Restore.sellDesk
      yield* projectionsHalted
      yield* Subscriptions.reached(outside.letters, { position })
      yield* say("At the next event, projections find that their file is gone:")
      const detail = yield* Effect.flatMap(Subscriptions.running(ProductDetail), ({ state }) => state)
      yield* quote(
        `subscriber "${detail.name}" has halted ${detail.error?.replace(/\S*read[.]db/, "read.db") ?? "without a word"}.`
      )
      yield* Drill.states
      yield* outside.account
    }).pipe(Effect.provide(app))
    yield* heard.forget
    yield* Effect.gen(function* () {
      yield* Subscriptions.settled
      yield* say(`Started again, they build the rows from the log: ${yield* Drill.rows}.`)
      yield* outside.account
    }).pipe(Effect.provide(app))
  })

const projectionsHalted = Effect.gen(function* () {
  const { all } = yield* Subscriptions.Subscriptions
  for (const subscription of yield* all) {
    const { kind } = yield* subscription.state
    if (kind === "Projection") yield* subscription.until(({ status }) => status === "Halted")
  }
})

const checkpointsLost = ({ app, files, outside }: Drill.Drill) =>
  Effect.gen(function* () {
    yield* section("The checkpoints are deleted from log.db")
    yield* files.forgetCheckpoints
    yield* Effect.gen(function* () {
      yield* Subscriptions.settled
      yield* say(`Rows have a position of their own, in read.db: ${yield* Drill.rows}.`)
      yield* say("Reactions and subscribers have none any more, and begin at the beginning:")
      yield* outside.account
      yield* say(
        "Each letter carries the id of its event, by which a receiver can drop it. No",
        "order is placed again, not even for the desks, which have arrived: the log has",
        "the answer to each event, and it is found."
      )
    }).pipe(Effect.provide(app))
  })
