/** Reads that write nothing, and what they still share with the writes. */
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import type { ParseError } from "effect/ParseResult"
import { say, section, table } from "../../Terminal.ts"
import * as Watch from "../1-table/Watch.ts"
import * as CommandHandler from "./CommandHandler.ts"
import { RecordProductView } from "./Commands.ts"
import { ProductCard, ProductDetail } from "./Dtos.ts"
import * as Shop from "./Shop.ts"

/** Asks every query on a connection that cannot write, and then tries to write there. */
export const writeNothing = ({ queries, reader, sql }: Shop.Shop) =>
  Effect.gen(function* () {
    yield* section("Reads write nothing")
    yield* say("Queries have a connection that cannot write:")
    const asked: ReadonlyArray<
      readonly [name: string, query: Effect.Effect<unknown, SqlError | ParseError>]
    > = [
      ["getProductDetail", queries.getProductDetail(1)],
      ["getProductCard", queries.getProductCard(1)],
      ["listProducts", queries.listProducts()]
    ]
    const before = yield* rows(sql)
    for (const [name, query] of asked) {
      const { statements } = yield* Watch.watch(reader, query)
      yield* say(`  ${name.padEnd(16)}  ${statements.join("; ")}`)
    }
    const unchanged = before === (yield* rows(sql))
    yield* say(`The table is ${unchanged ? "as it was" : "not as it was"}, views included.`)
    const view = RecordProductView.make({ productId: 1 })
    yield* say("To be looked at is a command of its own now. Handled on that connection, it is")
    yield* say(`  ${yield* Shop.outcome(CommandHandler.make(reader).handle(view))}`)
    yield* say("So a replica, a cache or nobody at all may answer a query.")
  })

/** A DTO has no field that its reader must not see. */
export const tellFields = ({ sql }: Shop.Shop) =>
  Effect.gen(function* () {
    const columns = yield* Watch.columnsOf(sql, "products")
    yield* table([
      ["column", "ProductDetail", "ProductCard"],
      ...columns.map((column) => [column, fieldOf(ProductDetail, column), fieldOf(ProductCard, column)])
    ])
  })

/** Both sides still have one table: a column that no query asks for makes the queries dearer. */
export const oneTable = ({ queries, sql }: Shop.Shop) =>
  Effect.gen(function* () {
    yield* section("Not solved: one table for both sides")
    yield* Shop.stockUp(sql, 198, 7)
    const before = yield* Watch.pagesOf(sql, "products")
    const answer = JSON.stringify(yield* queries.listProducts())
    yield* Shop.addFeed(sql)
    const same = answer === JSON.stringify(yield* queries.listProducts())
    const after = yield* Watch.pagesOf(sql, "products")
    yield* say(`Buyers keep what suppliers have sent about each product: ${Shop.feedBytes} bytes, in a`)
    yield* say(
      `column that no query asks for. listProducts gives ${same ? "the same" : "another"} answer, and reads`
    )
    yield* table([
      ["", "before", before, "pages of the file"],
      ["", "after", after, "pages of the file"]
    ])
    yield* say(
      `It is still one table: reads are ${Math.round(after / before)} times as dear, because of a write.`
    )
  })

// internal

const rows = (sql: Shop.Shop["sql"]) =>
  Effect.map(sql`select * from products`, (rows) => JSON.stringify(rows))

/** The field that shows a column, by its own name, or as part of it. */
const fieldOf = ({ fields }: { readonly fields: object }, column: string): string => {
  const name = column.replace("_", "")
  return Object.keys(fields).find((field) => field.toLowerCase().endsWith(name)) ?? "–"
}
