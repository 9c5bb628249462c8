/** The shop of this stage: the table of the stage before, with one side that writes and one that reads. */
import type { SqlClient } from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import { table } from "../1-table/Repository.ts"
import * as Sqlite from "../1-table/Sqlite.ts"
import * as CommandHandler from "./CommandHandler.ts"
import type { Command } from "./Commands.ts"
import { ChangePrice, CreateProduct, RecordProductView, UpdateStock } from "./Commands.ts"
import * as QueryHandler from "./QueryHandler.ts"

/** Both sides on a new file; the one that reads has a connection that cannot write. */
export const open = (file: string) =>
  Effect.gen(function* () {
    const sql = yield* Sqlite.create(file, [table])
    const reader = yield* Sqlite.openReadOnly(file)
    return { sql, reader, commands: CommandHandler.make(sql), queries: QueryHandler.make(reader) }
  })
export type Shop = Effect.Effect.Success<ReturnType<typeof open>>

/** A day in the shop. */
export const day: ReadonlyArray<Command> = [
  CreateProduct.make({
    name: "Widget Pro",
    description: null,
    price: 2999,
    costPrice: 1200,
    supplierId: 7,
    stock: 100
  }),
  CreateProduct.make({
    name: "Gadget Plus",
    description: null,
    price: 4999,
    costPrice: 2250,
    supplierId: 7,
    stock: 15
  }),
  RecordProductView.make({ productId: 1 }),
  UpdateStock.make({ productId: 2, stock: 14 }),
  UpdateStock.make({ productId: 2, stock: -1 }),
  ChangePrice.make({ productId: 3, price: 4499 })
]

/** What has become of a command: the id of its product, or why it was refused. */
export const outcome = <E extends { readonly _tag: string; readonly message: string }>(
  handled: Effect.Effect<number, E>
): Effect.Effect<string> =>
  Effect.match(handled, {
    onSuccess: (id) => `product ${id}`,
    onFailure: (error) => `refused: ${error._tag === "SqlError" ? Sqlite.reason(error) : error._tag}`
  })

/** How much a supplier sends about a product. */
export const feedBytes = 3000

/** A column that only those who buy need: what the supplier has sent about each product. */
export const addFeed = (sql: SqlClient): Effect.Effect<unknown, SqlError> =>
  Effect.zipRight(
    sql`alter table products add column supplier_feed text`,
    sql`update products set supplier_feed = hex(zeroblob(${feedBytes / 2}))`
  )

/** Puts many products into the table at once, all from one supplier. */
export const stockUp = (sql: SqlClient, howMany: number, supplierId: number) =>
  sql`insert into products ${sql.insert(
    Array.from({ length: howMany }, (_, index) => ({
      name: `Part ${String(index + 1).padStart(3, "0")}`,
      price: 100 + index,
      cost_price: 50,
      supplier_id: supplierId,
      stock: index
    }))
  )}`
