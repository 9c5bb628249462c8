/** A disk without room: nothing is half written, and it goes on as soon as there is room. */
import { EventStore, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Drill from "./Drill.ts"
import * as Outside from "../Outside.ts"
import * as Shop from "../Shop.ts"
import { say, section } from "../Terminal.ts"

/** Fills the disk under a program, and makes room again. */
export const full = ({ files }: Drill.Drill) =>
  Effect.gen(function* () {
    yield* section("The disk is full")
    const disk = yield* files.disk
    if (typeof disk === "string") return yield* say(`Skipped: ${disk}.`)
    yield* Effect.provide(fills(disk), Drill.appOn(disk, Outside.make()))
    yield* say("The log of that shop:")
    yield* Effect.flatMap(disk.verify, Drill.tellReport)
  }).pipe(Effect.scoped)

// internal

const fills = ({ fill, free }: Drill.Disk) =>
  Effect.gen(function* () {
    const log = yield* EventStore.EventStore
    yield* Shop.create("lamp", 30)
    yield* Subscriptions.settled
    const before = yield* log.head
    yield* say(`Another shop begins, on a small disk of its own: ${yield* Drill.rows}. Then it is full.`)
    yield* fill
    const outcome = yield* Effect.either(sale)
    yield* say(`A command: ${Either.isLeft(outcome) ? describe(outcome.left) : "accepted"}.`)
    yield* say(`Queries go on: ${yield* Drill.rows}. Somebody makes room, and sends it again:`)
    yield* free
    yield* sale
    yield* Subscriptions.settled
    yield* say(`  ${yield* Drill.rows}; ${(yield* log.head) - before} event was added.`)
  })

const sale = Shop.stock("lamp", 29, { commandId: "sale" })

const describe = (error: { readonly _tag: string; readonly reason?: string }) =>
  `${error._tag}${error.reason === undefined ? "" : `, ${error.reason}`}`
