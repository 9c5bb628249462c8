/** Stage 1: one table, and one repository that reads and writes it. It is the least that works, and what it hides. */
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import { say, section, table } from "../../Terminal.ts"
import type { Folder } from "../Folder.ts"
import type { Stage } from "../Stage.ts"
import * as Faults from "./Faults.ts"
import * as Repository from "./Repository.ts"
import * as Sqlite from "./Sqlite.ts"
import * as Watch from "./Watch.ts"

const open = Effect.gen(function* () {
  const sql = yield* Sqlite.create("shop.db", [Repository.table])
  return { sql, repository: Repository.make(sql) }
})

const story = Effect.gen(function* () {
  const shop = yield* open
  yield* section("One table, and one repository for everything")
  const columns = yield* Watch.columnsOf(shop.sql, "products")
  yield* say(`The table has ${columns.length} columns:`, `  ${columns.join(", ")}`)
  yield* say(`The repository has ${Object.keys(shop.repository).length} operations. Seen from outside:`)
  yield* operations(shop)
  yield* Faults.readThatWrites(shop)
  yield* Faults.leak(shop)
  yield* Faults.noHistory(shop)
  yield* goodFor(shop)
})

const glimpse = Effect.gen(function* () {
  const shop = yield* open
  yield* say("What each operation of the repository does to its table:")
  yield* operations(shop)
  yield* Faults.showPage(shop)
})

/** One table. */
export const stage: Stage<Sqlite.Failed, Folder> = {
  number: 1,
  title: "One table (CRUD)",
  changed: [],
  solved: "Products are kept, found and changed; whatever is written, the next read sees.",
  cost: "Reads write, rows leak what customers must not see, and the past is gone.",
  need: "Whoever is alone with a small program, and is never asked how a row came to be.",
  tell: Effect.scoped(Sqlite.orFailed(story)),
  glimpse: Effect.scoped(Sqlite.orFailed(glimpse))
}

// internal

type Shop = Effect.Effect.Success<typeof open>

/** Uses each operation once, and shows what it did. */
const operations = ({ repository, sql }: Shop) =>
  Effect.gen(function* () {
    const shared = { description: null, supplier_id: 7 }
    const widget = { ...shared, name: "Widget Pro", price: 2999, cost_price: 1200, stock: 100 }
    const gadget = { ...shared, name: "Gadget Plus", price: 4999, cost_price: 2250, stock: 15 }
    yield* repository.create(widget)
    const uses: ReadonlyArray<
      readonly [name: string, use: Effect.Effect<unknown, SqlError>, reads: boolean]
    > = [
      ["create", repository.create(gadget), false],
      ["list", repository.list(), true],
      ["getById", repository.getById(2), true],
      ["updateStock", repository.updateStock(2, 14), false],
      ["changePrice", repository.changePrice(2, 4499), false]
    ]
    const lines = yield* Effect.forEach(uses, ([name, use, reads]) =>
      Effect.map(Watch.watch(sql, use), ({ statements, written }) => [
        "",
        name,
        statements.join("; "),
        written,
        `row${written === 1 ? "" : "s"} written${reads && written > 0 ? ", by a read" : ""}`
      ])
    )
    yield* table(lines)
  })

const goodFor = ({ repository }: Shop) =>
  Effect.gen(function* () {
    yield* section("What it is good for")
    yield* repository.updateStock(1, 99)
    const [first] = yield* repository.getById(1)
    yield* say(
      `updateStock(1, 99), and the next read says ${first?.stock}: nobody is ever told the past.`,
      "One file, one place to change. Each further stage gives up some of that."
    )
  })
