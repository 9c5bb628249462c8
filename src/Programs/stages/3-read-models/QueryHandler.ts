/** The side that reads: one flat table for each question. */
import type { SqlClient } from "@effect/sql/SqlClient"
import * as SqlSchema from "@effect/sql/SqlSchema"
import * as Schema from "effect/Schema"
import * as Dtos from "../2-commands/Dtos.ts"

/** The page of one product, which can name the supplier now. */
export const ProductDetail = Schema.Struct({ ...Dtos.ProductDetail.fields, supplierName: Schema.String })

/** A line of the list of products. */
export const ProductListing = Schema.Struct({
  id: Schema.Int,
  name: Schema.String,
  price: Schema.Int,
  stock: Schema.Int,
  supplierName: Schema.String
})

export const make = (sql: SqlClient) => ({
  getProductDetail: SqlSchema.findOne({
    Request: Schema.Int,
    Result: ProductDetail,
    execute: (id) => sql`
      select id, name, description, price, stock, view_count as viewCount, supplier_name as supplierName
      from product_detail where id = ${id}`
  }),
  listProducts: SqlSchema.findAll({
    Request: Schema.Void,
    Result: ProductListing,
    execute: () => sql`
      select id, name, price, stock, supplier_name as supplierName from product_list order by name`
  })
})
