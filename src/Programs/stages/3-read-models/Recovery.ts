/** A projection has not happened: three ways to put it right. */
import * as Effect from "effect/Effect"
import { say, section, table } from "../../Terminal.ts"
import * as Sqlite from "../1-table/Sqlite.ts"
import * as Watch from "../1-table/Watch.ts"
import { UpdateStock } from "../2-commands/Commands.ts"
import * as Shop from "./Shop.ts"

/** Retry, rebuild, and keep track. */
export const tell = (shop: Shop.Shop) =>
  Effect.gen(function* () {
    yield* section("A projection fails: what was written stays written")
    const retried = yield* retry(shop)
    const rebuilt = yield* rebuild(shop)
    const tracked = yield* track(shop)
    yield* section("Three recoveries, and what each costs")
    yield* table([
      ["retry", retried, "rows written", "forgotten when the program ends"],
      ["rebuild", rebuilt, "rows written", "all of them, because nobody knows which"],
      ["keep track", tracked, "rows written", "and a note for each command, on both sides"]
    ])
    yield* say("The notes say which products to look at again, the rows of write.db what is")
    yield* say("true now. What has happened, and when, is still nowhere.")
  })

// internal

/** Somebody else writes to the file of the readers, for as long as two attempts take. */
const retry = (shop: Shop.Shop) =>
  Effect.gen(function* () {
    yield* say("1. Retry. Somebody holds read.db locked:")
    const other = yield* Sqlite.open("read.db")
    yield* other`begin immediate`
    let attempts = 0
    const failed = (error: { readonly message: string }) =>
      Effect.gen(function* () {
        attempts += 1
        yield* say(`   attempt ${attempts}: ${Sqlite.reason(error)}`)
        if (attempts === 2) yield* other`rollback`
      })
    const handled = yield* shop.handle(UpdateStock.make({ productId: 1, stock: 90 }))
    const project = shop.projector.project(handled).pipe(Effect.tapError(failed), Effect.retry({ times: 5 }))
    const { written } = yield* Watch.watch(shop.read, project)
    yield* say(`   attempt ${attempts + 1}: ${yield* Shop.stocks(shop, 1)}`)
    return written
  })

/** What was handled was never projected, and nobody knows what it was. */
const rebuild = (shop: Shop.Shop) =>
  Effect.gen(function* () {
    yield* shop.handle(UpdateStock.make({ productId: 1, stock: 80 }))
    yield* say("2. Rebuild. A program that ended between the two databases has left this:")
    yield* say(`   ${yield* Shop.stocks(shop, 1)}`)
    const { written } = yield* Watch.watch(shop.read, shop.projector.rebuild)
    yield* say(`   rebuilt: ${yield* Shop.stocks(shop, 1)}`)
    return written
  })

/** The same, but what was handled and what was projected was written down. */
const track = (shop: Shop.Shop) =>
  Effect.gen(function* () {
    yield* shop.handle(UpdateStock.make({ productId: 1, stock: 70 }))
    yield* say("3. Keep track. Left so again; but both sides have a note of each command:")
    for (const { command, position } of yield* shop.projector.missing)
      yield* say(`   not projected: ${position}, ${command._tag}`)
    const { written } = yield* Watch.watch(shop.read, shop.projector.catchUp)
    yield* say(`   projected: ${yield* Shop.stocks(shop, 1)}`)
    return written
  })
