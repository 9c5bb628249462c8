/**
 * The bridge: reads what a command has touched, with the join, and writes it flat, in a transaction of the read database.
 * No transaction spans both databases, so it may be forgotten, fail, or come late.
 */
import type { SqlClient } from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import type { Handled } from "./CommandHandler.ts"
import * as CommandHandler from "./CommandHandler.ts"
import * as WriteDb from "./WriteDb.ts"

export const make = (write: SqlClient, read: SqlClient) => {
  const { handled } = CommandHandler.make(write)

  /** Rows that are there already are replaced, so that it may be done twice. */
  const upsert = (products: ReadonlyArray<WriteDb.Joined>) =>
    Effect.zipRight(
      read`insert or replace into product_detail ${read.insert(products.map((product) => ({ ...product })))}`,
      read`insert or replace into product_list ${read.insert(products.map(listed))}`
    ).pipe(Effect.when(() => products.length > 0))

  const note = (commands: ReadonlyArray<Handled>) =>
    read`insert or replace into projected ${read.insert(commands.map(({ position }) => ({ position })))}`.pipe(
      Effect.when(() => commands.length > 0)
    )

  // Read before the transaction begins: inside it, the client of the other file would use its connection.

  /** Brings the rows up to date that a command has touched. */
  const project = (done: Handled) =>
    Effect.flatMap(WriteDb.joined(write, touched(write, done)), (products) =>
      read.withTransaction(Effect.zipRight(upsert(products), note([done])))
    )

  /** Throws all rows away, and makes them again. */
  const rebuild = Effect.gen(function* () {
    const commands = yield* handled
    const products = yield* WriteDb.joined(write, write`true`)
    yield* Effect.all([clear, upsert(products), note(commands)]).pipe(read.withTransaction)
  })

  const clear = Effect.forEach(
    ["product_detail", "product_list", "projected"],
    (table) => read`delete from ${read(table)}`
  )

  /** The commands that no row knows of. */
  const missing = Effect.gen(function* () {
    const done = yield* read<{ position: number }>`select position from projected`
    const positions = new Set(done.map(({ position }) => position))
    return (yield* handled).filter(({ position }) => !positions.has(position))
  })

  return { project, rebuild, missing, catchUp: Effect.flatMap(missing, Effect.forEach(project)) }
}

// internal

const touched = (sql: SqlClient, { command, id }: Handled) =>
  command._tag === "AddSupplier" || command._tag === "RenameSupplier"
    ? sql`p.supplier_id = ${id}`
    : sql`p.id = ${id}`

const listed = ({ id, name, price, stock, supplier_name }: WriteDb.Joined) => ({
  id,
  name,
  price,
  stock,
  supplier_name
})
