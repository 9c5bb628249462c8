/** The side that writes: a command in, the id of its product or a typed refusal out. */
import type { SqlClient } from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import type { Fragment } from "@effect/sql/Statement"
import * as Effect from "effect/Effect"
import type { Command } from "./Commands.ts"
import type { Rejection } from "./Rejections.ts"
import { NegativeStock, PriceNotPositive, UnknownProduct } from "./Rejections.ts"

export const make = (sql: SqlClient) => {
  const change = (productId: number, assignment: Fragment) =>
    Effect.flatMap(
      sql<{ id: number }>`update products set ${assignment} where id = ${productId} returning id`,
      ([found]) => (found === undefined ? new UnknownProduct({ productId }) : Effect.succeed(found.id))
    )

  const handle = (command: Command): Effect.Effect<number, Rejection | SqlError> => {
    switch (command._tag) {
      case "CreateProduct": {
        const { costPrice, description, name, price, stock, supplierId } = command
        if (stock < 0) return new NegativeStock({ stock })
        if (price <= 0) return new PriceNotPositive({ price })
        const row = { name, description, price, cost_price: costPrice, supplier_id: supplierId, stock }
        const insert = sql<{ id: number }>`insert into products ${sql.insert(row).returning("id")}`
        return Effect.map(insert, ([created]) => created?.id ?? 0)
      }
      case "UpdateStock":
        return command.stock < 0
          ? new NegativeStock({ stock: command.stock })
          : change(command.productId, sql`stock = ${command.stock}`)
      case "ChangePrice":
        return command.price <= 0
          ? new PriceNotPositive({ price: command.price })
          : change(command.productId, sql`price = ${command.price}`)
      case "RecordProductView":
        return change(command.productId, sql`view_count = view_count + 1`)
    }
  }

  return { handle }
}
