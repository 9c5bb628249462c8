/** The database that is written to: each fact in one place, and nothing for readers. */
import type { SqlClient } from "@effect/sql/SqlClient"
import type { Fragment } from "@effect/sql/Statement"
import * as Sqlite from "../1-table/Sqlite.ts"

/** Makes the file. */
export const create = Sqlite.create("write.db", [
  "create table suppliers (id integer primary key, name text not null)",
  `create table products (
    id integer primary key, name text not null, description text, price integer not null,
    cost_price integer not null, supplier_id integer not null references suppliers (id),
    stock integer not null, view_count integer not null default 0
  )`,
  "create index products_by_supplier on products (supplier_id)",
  // What was handled, in order, and the product or the supplier that it was about.
  "create table commands (position integer primary key, id integer not null, command text not null)"
])

/** A product with the name of its supplier, for which two tables are looked into. */
export interface Joined {
  readonly id: number
  readonly name: string
  readonly description: string | null
  readonly price: number
  readonly stock: number
  readonly view_count: number
  readonly supplier_name: string
}

/** The products that fit, joined. */
export const joined = (sql: SqlClient, where: Fragment) =>
  sql<Joined>`
    select p.id, p.name, p.description, p.price, p.stock, p.view_count, s.name as supplier_name
    from products p join suppliers s on s.id = p.supplier_id where ${where}`
