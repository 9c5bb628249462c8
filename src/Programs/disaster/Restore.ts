/** A log that is made from a backup: one that is too old, and one that takes the place of a damaged file. */
import { SubscriptionControl, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Drill from "./Drill.ts"
import * as Shop from "../Shop.ts"
import { say, section } from "../Terminal.ts"

/** The log forgets what the rows and the world outside have seen. */
export const olderBackup = ({ app, files, heard, outside }: Drill.Drill) =>
  Effect.gen(function* () {
    yield* section("The log is restored from that backup, which is too old")
    yield* Effect.zipRight(sellLamp, Subscriptions.settled).pipe(Effect.provide(app))
    const epoch = yield* files.restore
    yield* say(`The last two changes of stock are not in it. The log is in epoch ${epoch} now.`)
    yield* Effect.gen(function* () {
      yield* Shop.othersSettled
      yield* say(`Rows are built again from what the log holds: ${yield* Drill.rows}.`)
      yield* Drill.states
      yield* heard.print
      yield* outside.account
      yield* say("Somebody looks which letters have arrived, and resumes. Both changes are made")
      yield* say("again, under the ids that the commands had:")
      yield* SubscriptionControl.resume(outside.letters)
      yield* sellDesk
      yield* Effect.zipRight(sellLamp, Subscriptions.settled)
      yield* say(`  ${yield* Drill.rows}`)
      yield* outside.account
    }).pipe(Effect.provide(app))
  })

/** A byte of the file is no longer what was written. */
export const flippedByte = ({ app, files, outside }: Drill.Drill) =>
  Effect.gen(function* () {
    yield* section("One byte of a payload is flipped on the disk")
    yield* files.backup
    yield* files.flip('{"productId":"desk","stock":')
    yield* Effect.flatMap(files.verify, Drill.tellReport)
    const copied = yield* Effect.either(files.backup)
    yield* say(`backup: ${Either.isLeft(copied) ? `${copied.left.reason}; the former copy stays` : "made"}.`)
    yield* say(`Restored from the former copy, epoch ${yield* files.restore}.`)
    yield* Effect.flatMap(files.verify, Drill.tellReport)
    yield* Effect.gen(function* () {
      yield* Shop.othersSettled
      yield* SubscriptionControl.resume(outside.letters)
      yield* Subscriptions.settled
      yield* say(`Nothing was lost: ${yield* Drill.rows}.`)
      yield* outside.account
    }).pipe(Effect.provide(app))
  })

/** A change of stock, under an id that somebody keeps. */
export const sellDesk = Shop.stock("desk", 49, { commandId: "sale-of-a-desk" })

// internal

const sellLamp = Shop.stock("lamp", 2, { commandId: "sale-of-a-lamp" })
