/** The database that is read: a table for each use, flat. All of it can be made again from the other database. */
import * as Sqlite from "../1-table/Sqlite.ts"

/** Makes the file. */
export const create = Sqlite.create("read.db", [
  `create table product_detail (
    id integer primary key, name text not null, description text, price integer not null,
    stock integer not null, view_count integer not null, supplier_name text not null
  )`,
  `create table product_list (
    id integer primary key, name text not null, price integer not null, stock integer not null,
    supplier_name text not null
  )`,
  // Which commands the rows know of.
  "create table projected (position integer primary key)"
])

/** The same file for those who only read. */
export const open = Sqlite.openReadOnly("read.db")
