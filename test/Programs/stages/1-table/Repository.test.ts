import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Repository from "../../../../src/Programs/stages/1-table/Repository.ts"
import * as Sqlite from "../../../../src/Programs/stages/1-table/Sqlite.ts"
import * as Watch from "../../../../src/Programs/stages/1-table/Watch.ts"
import { Folder } from "../../../../src/Programs/stages/Folder.ts"
import { inFolder } from "../inFolder.ts"

const lamp = { name: "Lamp", description: null, price: 1000, cost_price: 400, supplier_id: 1, stock: 3 }

const opened = Effect.gen(function* () {
  const sql = yield* Sqlite.create("shop.db", [Repository.table])
  const repository = Repository.make(sql)
  yield* repository.create(lamp)
  return { sql, repository }
})

describe("the repository", () => {
  it.effect("counts a view whenever a product is read, and hands out all columns", () =>
    inFolder(
      Effect.gen(function* () {
        const { repository, sql } = yield* opened
        yield* repository.getById(1)
        const { statements, value, written } = yield* Watch.watch(sql, repository.getById(1))
        expect(value).toEqual([{ id: 1, view_count: 2, ...lamp }])
        expect({ statements, written }).toEqual({
          statements: ["update products", "select products"],
          written: 1
        })
      })
    )
  )

  it.effect("cannot read a product where nobody can write, but can list them", () =>
    inFolder(
      Effect.gen(function* () {
        yield* opened
        const replica = Repository.make(yield* Sqlite.openReadOnly("shop.db"))
        const error = yield* Effect.flip(replica.getById(1))
        expect([error._tag, Sqlite.reason(error)]).toEqual([
          "SqlError",
          "attempt to write a readonly database"
        ])
        expect(yield* replica.list()).toEqual([{ id: 1, view_count: 0, ...lamp }])
      })
    )
  )

  it.effect("counts the rows that are written, and none of those before", () =>
    inFolder(
      Effect.gen(function* () {
        const { repository, sql } = yield* opened
        yield* repository.create(lamp)
        const all = yield* Watch.watch(sql, sql`update products set stock = 0`)
        const none = yield* Watch.watch(sql, repository.list())
        expect([all.written, none.written]).toEqual([2, 0])
      })
    )
  )
})

describe("a file of a stage", () => {
  const create = Sqlite.create("shop.db", [Repository.table])

  it.effect("begins with nothing", () =>
    inFolder(
      Effect.gen(function* () {
        yield* create
        expect(yield* Effect.flip(create)).toEqual(
          new Sqlite.Failed({
            message: "shop.db has tables already; name a folder of its own for this story"
          })
        )
      })
    )
  )

  it.effect("is a database", () =>
    inFolder(
      Effect.gen(function* () {
        writeFileSync(join(yield* Folder, "shop.db"), "This is a letter. ".repeat(100))
        const { message } = yield* Effect.flip(create)
        expect(message).toBe("shop.db: file is not a database")
      })
    )
  )

  it.effect("has to be there for who only reads", () =>
    inFolder(
      Effect.gen(function* () {
        const error = yield* Effect.flip(Sqlite.openReadOnly("shop.db"))
        expect(error).toBeInstanceOf(Sqlite.Failed)
        expect(error.message).toContain("unable to open database file")
      })
    )
  )
})
