/** What is wrong with one table for everybody: each fault caused, and seen. */
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { quote, say, section, table } from "../../Terminal.ts"
import * as Repository from "./Repository.ts"
import * as Sqlite from "./Sqlite.ts"

type Products = ReturnType<typeof Repository.make>

interface Shop {
  readonly repository: Products
}

/** Whoever asks for a product is counted as somebody who has looked at it. */
export const readThatWrites = ({ repository }: Shop) =>
  Effect.gen(function* () {
    yield* section("A read that writes")
    const askers = ["a customer", "a clerk who counts", "a nightly report"]
    yield* Effect.forEach(askers, () => repository.getById(widget))
    yield* say(`Widget Pro is asked for by ${askers.join(", ")}.`)
    yield* say(`Customers who have looked at it, by the table: ${yield* views(repository)}.`)
    const [kept] = yield* repository.getById(widget)
    yield* repository.getById(widget)
    yield* say(
      `A cache keeps an answer, which says ${kept?.view_count}; the table says ${yield* views(repository)}.`
    )
    const replica = Repository.make(yield* Sqlite.openReadOnly("shop.db"))
    yield* say("On a connection that cannot write, such as that of a replica:")
    yield* table([
      ["", "list", yield* outcome(replica.list())],
      ["", "getById", yield* outcome(replica.getById(widget))]
    ])
  })

/** What a customer gets is what the table holds, unless somebody remembers. */
export const leak = (shop: Shop) =>
  Effect.gen(function* () {
    yield* section("What leaks")
    yield* showPage(shop)
    yield* say("Two fields are no customer's business. Whoever made that page remembers to")
    yield* say("take them out; whoever makes the next page does not:")
    const products = yield* shop.repository.list()
    yield* table([
      ["", "page of a product", ...contents(products.map(withoutSecrets))],
      ["", "list of products", ...contents(products)]
    ])
    yield* say("It compiles, for a Product is what both were given.")
  })

/** Sends a row to a customer as it is. */
export const showPage = ({ repository }: Shop) =>
  Effect.gen(function* () {
    const [product] = yield* repository.getById(widget)
    yield* say("What the page of a product sends to a customer:")
    yield* quote(JSON.stringify(product, null, 1))
  })

/** A price is mistyped, and with the new one the old one is gone. */
export const noHistory = ({ repository }: Shop) =>
  Effect.gen(function* () {
    yield* section("No history")
    const gadget = 2
    const [before] = yield* repository.getById(gadget)
    if (before === undefined) return
    yield* repository.changePrice(gadget, 449)
    const values = (yield* repository.list()).flatMap((row) => Object.values(row))
    const found = values.filter((value) => value === before.price).length
    yield* say("A slip of the keyboard: the price of Gadget Plus becomes 4.49. What was it?")
    yield* say(`Of the ${values.length} values in the table, ${found} are the old price.`)
    yield* say("Who has changed it, when, and what was meant? updateStock(2, 14) is a sale, or")
    yield* say("a theft, or a new count: the call is gone as soon as it returns.")
  })

// internal

const widget = 1

const secrets = ["cost_price", "supplier_id"]

const withoutSecrets = ({ cost_price, supplier_id, ...rest }: Repository.Product) => rest

const contents = (rows: ReadonlyArray<object>) => {
  const fields = new Set(rows.flatMap((row) => Object.keys(row)))
  const leaked = secrets.filter((field) => fields.has(field))
  return [fields.size, "fields", leaked.length === 0 ? "nothing leaks" : `leaked: ${leaked.join(", ")}`]
}

const views = (repository: Products) =>
  Effect.map(repository.list(), (rows) => rows.find(({ id }) => id === widget)?.view_count ?? 0)

const outcome = (read: Effect.Effect<ReadonlyArray<Repository.Product>, SqlError>) =>
  Effect.map(Effect.either(read), (result) =>
    Either.isLeft(result) ? `refused: ${Sqlite.reason(result.left)}` : `${result.right.length} rows`
  )
