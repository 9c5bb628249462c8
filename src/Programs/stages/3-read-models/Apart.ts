/** Two databases go their own ways: readers are told the past, one change fans out, and a column stays where it is. */
import * as Effect from "effect/Effect"
import { say, section, table } from "../../Terminal.ts"
import * as Watch from "../1-table/Watch.ts"
import { UpdateStock } from "../2-commands/Commands.ts"
import { addFeed, stockUp } from "../2-commands/Shop.ts"
import { RenameSupplier } from "./Commands.ts"
import * as Shop from "./Shop.ts"
import * as WriteDb from "./WriteDb.ts"

/** A projection is left out. */
export const skipped = (shop: Shop.Shop) =>
  Effect.gen(function* () {
    yield* section("A projection is left out")
    yield* skip(shop)
    yield* say("Nothing is broken: between a write and its projection, this is what readers")
    yield* say("are told. It is called eventual consistency; here the caller decides how long.")
  })

/** What a glimpse shows of it. */
export const skip = (shop: Shop.Shop) =>
  Effect.gen(function* () {
    const handled = yield* shop.handle(UpdateStock.make({ productId: 2, stock: 3 }))
    yield* say(`Handled, not projected:  ${yield* Shop.stocks(shop, 2)}`)
    yield* shop.projector.project(handled)
    yield* say(`Projected:               ${yield* Shop.stocks(shop, 2)}`)
  })

/** A supplier with many products gets another name. */
export const renamed = (shop: Shop.Shop) =>
  Effect.gen(function* () {
    yield* section("A supplier gets another name")
    yield* rename(shop)
    const list = yield* shop.queries.listProducts()
    const renamed = list.filter(({ supplierName }) => supplierName === "Ajax Ltd").length
    yield* say(
      `${renamed} of ${list.length} lines of the list say Ajax Ltd. A name that was copied for readers`,
      "is changed in each copy: that is the price of reading without a join."
    )
  })

/** What a glimpse shows of it. */
export const rename = ({ handle, projector, read, write }: Shop.Shop) =>
  Effect.gen(function* () {
    yield* stockUp(write, 198, 7)
    yield* projector.rebuild
    const command = yield* Watch.watch(
      write,
      handle(RenameSupplier.make({ supplierId: 7, name: "Ajax Ltd" }))
    )
    const projection = yield* Watch.watch(read, projector.project(command.value))
    const products = yield* WriteDb.joined(write, write`p.supplier_id = 7`)
    yield* say(`RenameSupplier, with ${products.length} products from there; rows written:`)
    yield* table([
      ["", "write.db", command.written, "the supplier, and that it was handled"],
      ["", "read.db", projection.written, "each product in two tables, and that it was projected"]
    ])
  })

/** What the writing side keeps for itself is no burden to readers any more. */
export const column = ({ queries, read, write }: Shop.Shop) =>
  Effect.gen(function* () {
    yield* section("The column that only buyers need, once more")
    const pages = Effect.all([Watch.pagesOf(write, "products"), Watch.pagesOf(read, "product_list")])
    const answer = JSON.stringify(yield* queries.listProducts())
    const before = yield* pages
    yield* addFeed(write)
    const after = yield* pages
    const same = answer === JSON.stringify(yield* queries.listProducts())
    yield* table([
      ["pages of the file", "before", "after"],
      ["products in write.db", ...[before, after].map(([products]) => products)],
      ["product_list in read.db", ...[before, after].map(([, list]) => list)]
    ])
    yield* say(`listProducts gives ${same ? "the same" : "another"} answer, for the same price as before.`)
  })
