/** Stage 3: one database that is written to, one that is read, and a projector that carries over what has changed. */
import type { SqlClient } from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import { say, section, table } from "../../Terminal.ts"
import * as Sqlite from "../1-table/Sqlite.ts"
import * as Watch from "../1-table/Watch.ts"
import { UpdateStock } from "../2-commands/Commands.ts"
import { outcome } from "../2-commands/Shop.ts"
import * as Changes from "../Changes.ts"
import type { Folder } from "../Folder.ts"
import type { Stage } from "../Stage.ts"
import * as Apart from "./Apart.ts"
import * as Recovery from "./Recovery.ts"
import * as Shop from "./Shop.ts"
import * as WriteDb from "./WriteDb.ts"

const story = Effect.gen(function* () {
  yield* Changes.tell(stage)
  const shop = yield* Shop.open
  yield* Shop.fill(shop)
  yield* twoDatabases(shop)
  yield* section("The join is paid once")
  yield* whoDoesWhat(shop)
  yield* thousandTimes(shop)
  yield* Apart.skipped(shop)
  yield* Apart.renamed(shop)
  yield* Apart.column(shop)
  yield* Recovery.tell(shop)
})

const glimpse = Effect.gen(function* () {
  const shop = yield* Shop.open
  yield* Shop.fill(shop)
  yield* say("A change of stock, what the projector makes of it, and a query:")
  yield* whoDoesWhat(shop)
  yield* Apart.skip(shop)
  yield* Apart.rename(shop)
})

/** Two databases. */
export const stage: Stage<Sqlite.Failed, Folder> = {
  number: 3,
  title: "Read models in a database of their own",
  changed: [
    "storage: one database that is written to, where nothing is said twice, and one that is read, flat",
    "a new part: the projector reads what a command has touched, joins it, and writes it for readers",
    "DTOs: the name of the supplier can be shown",
    "commands: as they were, and two about suppliers"
  ],
  solved: "Reads pay no join, and no longer feel what the writing side keeps.",
  cost: "Readers may be told the past, one change fans out, and two databases can differ.",
  need: "Whoever has far more reads than writes, or read models that take joins.",
  tell: Effect.scoped(Sqlite.orFailed(story)),
  glimpse: Effect.scoped(Sqlite.orFailed(glimpse))
}

// internal

const twoDatabases = ({ handle, read, write }: Shop.Shop) =>
  Effect.gen(function* () {
    yield* section("Two databases")
    yield* columns([
      ["suppliers", write],
      ["products", write],
      ["product_detail", read],
      ["product_list", read]
    ])
    yield* say("In write.db a supplier's name is in one place, and products refer to it:")
    const refused = yield* outcome(Effect.map(handle(Shop.product("Gizmo", 999, 1, 99)), ({ id }) => id))
    yield* say(`  a product of supplier 99 is ${refused}`)
    yield* say("In read.db it is in each row that shows it.")
  })

/** Which column is in which table. */
const columns = (tables: ReadonlyArray<readonly [name: string, sql: SqlClient]>) =>
  Effect.gen(function* () {
    const found = yield* Effect.forEach(tables, ([name, sql]) => Watch.columnsOf(sql, name))
    const all = [...new Set([...found.slice(1).flat(), ...found.flat()])]
    yield* table([
      ["column", ...tables.map(([name]) => name)],
      ...all.map((column) => [column, ...found.map((columns) => (columns.includes(column) ? "yes" : "–"))])
    ])
  })

/** A command, its projection and a query, and the statements of each. */
const whoDoesWhat = ({ handle, projector, queries, read, reader, write }: Shop.Shop) =>
  Effect.gen(function* () {
    const command = yield* Watch.watch(write, handle(UpdateStock.make({ productId: 2, stock: 14 })))
    const projected = yield* Watch.watch(read, projector.project(command.value))
    const query = yield* Watch.watch(reader, queries.getProductDetail(2))
    yield* table([
      ["command", command.statements.join("; ")],
      ["projector", projected.statements.slice(0, 2).join("; ")],
      ["", projected.statements.slice(2).join("; ")],
      ["query", query.statements.join("; ")]
    ])
  })

const thousandTimes = ({ queries, reader, write }: Shop.Shop) =>
  Effect.gen(function* () {
    const joins = ({ statements }: Watch.Watched<unknown>) =>
      statements.filter((statement) => statement.includes(", ")).length
    const often = Effect.repeatN(999)
    const normalised = yield* Watch.watch(write, often(WriteDb.joined(write, write`p.id = 2`)))
    const flat = yield* Watch.watch(reader, often(queries.getProductDetail(2)))
    yield* say(`The page of a product is asked for ${flat.statements.length} times:`)
    yield* say(`  ${joins(normalised)} joins on tables as those of write.db, ${joins(flat)} on read.db.`)
  })
