/** The side that reads: it writes nothing, so a connection that cannot write will do. */
import type { SqlClient } from "@effect/sql/SqlClient"
import * as SqlSchema from "@effect/sql/SqlSchema"
import * as Schema from "effect/Schema"
import { ProductCard, ProductDetail } from "./Dtos.ts"

export const make = (sql: SqlClient) => ({
  getProductDetail: SqlSchema.findOne({
    Request: Schema.Int,
    Result: ProductDetail,
    execute: (id) => sql`
      select id, name, description, price, stock, view_count as viewCount from products where id = ${id}`
  }),
  getProductCard: SqlSchema.findOne({
    Request: Schema.Int,
    Result: ProductCard,
    execute: (id) => sql`select id, name, price, stock > 0 as inStock from products where id = ${id}`
  }),
  listProducts: SqlSchema.findAll({
    Request: Schema.Void,
    Result: ProductCard,
    execute: () => sql`select id, name, price, stock > 0 as inStock from products order by name`
  })
})
