/** One repository for everything: it reads and writes the rows of one table, as they are. */
import type { SqlClient } from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"

/** The only table; what it holds is what is true now. Prices are in cents. */
export const table = `create table products (
  id integer primary key, name text not null, description text, price integer not null,
  cost_price integer not null, supplier_id integer not null, stock integer not null,
  view_count integer not null default 0
)`

/** A row of it, which is what everybody gets. */
export interface Product extends NewProduct {
  readonly id: number
  readonly view_count: number
}

/** What somebody has to say about a product who puts it into the table. */
export interface NewProduct {
  readonly name: string
  readonly description: string | null
  readonly price: number
  /** What it costs us; no customer's business. */
  readonly cost_price: number
  /** From whom we have it; no customer's business. */
  readonly supplier_id: number
  readonly stock: number
}

export const make = (sql: SqlClient) => ({
  create: (product: NewProduct) =>
    sql<Product>`insert into products ${sql.insert({ ...product }).returning("*")}`,
  list: () => sql<Product>`select * from products order by name`,
  /** Whoever asks has looked at it. */
  getById: (id: number) =>
    Effect.zipRight(
      sql`update products set view_count = view_count + 1 where id = ${id}`,
      sql<Product>`select * from products where id = ${id}`
    ),
  updateStock: (id: number, stock: number) => sql`update products set stock = ${stock} where id = ${id}`,
  changePrice: (id: number, price: number) => sql`update products set price = ${price} where id = ${id}`
})
