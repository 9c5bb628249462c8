import { describe, expect, it } from "@effect/vitest"
import { CommandHandler, EventStore, History } from "everfold"
import * as Effect from "effect/Effect"
import { UpdateStock } from "../../../src/Domain/Catalogue/Commands.ts"
import { Product } from "../../../src/Domain/Catalogue/Product.ts"
import { ProductId } from "../../../src/Domain/Catalogue/Values.ts"
import * as OldHistory from "../../../src/Programs/bin/OldHistory.ts"
import * as Import from "../../../src/Programs/evolution/Import.ts"
import { stacks } from "../../Layers/Stacks.ts"

/** The rows of the old shop in pages of a few, as its table gives them. */
const table: ReadonlyArray<Import.Found> = OldHistory.rows().map(([productId, type, data], index) => ({
  id: index + 1,
  productId,
  type,
  data
}))
const source =
  (rows: ReadonlyArray<Import.Found>): Import.Source =>
  (after) =>
    Effect.succeed(rows.filter(({ id }) => id > after).slice(0, 7))

const changed = (id: number, change: Partial<Import.Found>) =>
  table.map((row) => (row.id === id ? { ...row, ...change } : row))

const first = ProductId.make("1")
const updateStock = (stock: number) =>
  CommandHandler.handle(Product, UpdateStock.make({ productId: first, stock }))

const log = Effect.flatMap(EventStore.EventStore, (store) => store.readAll({})).pipe(
  Effect.map(({ events }) => events)
)

describe.each(stacks)("an import on $name", ({ layer }) => {
  it.effect("makes of each row an event of revision 1, in order, with the payload that it has", () =>
    Effect.gen(function* () {
      expect(yield* Import.run(source(table))).toEqual({ read: 20, written: 20 })
      const events = yield* log
      expect(events.map(({ payload, stream, type }) => [stream, type, payload])).toEqual(
        table.map(({ data, productId, type }) => [`Product-${String(productId)}`, type, data])
      )
      expect(events.map(({ id }) => id)).toEqual(table.map(({ id }) => `import@${id}#0`))
      expect(new Set(events.map(({ metadata, revision }) => `${revision} ${metadata}`))).toEqual(
        new Set(['1 {"actor":"import"}'])
      )
      expect(yield* History.stateAt(Product, "1")).toMatchObject({
        price: { amount: 3299, currency: "EUR" },
        stock: 35
      })
    }).pipe(Effect.provide(layer))
  )

  it.effect("adds nothing when it runs again, and what is new when the table has grown", () =>
    Effect.gen(function* () {
      yield* Import.run(source(table.slice(0, 18)))
      yield* updateStock(90)
      expect(yield* Import.run(source(table.slice(0, 18)))).toEqual({ read: 18, written: 0 })
      expect(yield* Import.run(source(table))).toEqual({ read: 20, written: 2 })
      expect(yield* Import.run(source([]))).toEqual({ read: 0, written: 0 })
      expect((yield* log).map(({ id }) => id).filter((id) => id.startsWith("import@"))).toHaveLength(20)
    }).pipe(Effect.provide(layer))
  )

  it.effect.each([
    { what: "of an unknown type", change: { type: "PriceCut" }, why: "none of the declared events" },
    { what: "that is no JSON", change: { data: '{"product_id": 1' }, why: "JSON" },
    { what: "with a number that Python has and JSON has not", data: { price: "NaN" }, why: "JSON" },
    { what: "with a price below zero", data: { price: "-19.999" }, why: "is no price" },
    { what: "of another product than its payload", change: { productId: 4 }, why: "the place of product 4" },
    { what: "without a product", change: { productId: null }, why: "productId" },
    { what: "with bytes instead of text", change: { data: new Uint8Array(5) }, why: "data" },
    {
      what: "beyond the limit",
      data: { name: `"Gizmo", "note": "${"x".repeat(2 ** 21)}"` },
      why: "the limit is"
    }
  ])("stops at a row $what, says which, and keeps what came before", ({ change, data, why }) =>
    Effect.gen(function* () {
      const text = String(table[7]?.data)
      const spoilt = Object.entries(data ?? {}).map(([field, value]) =>
        text.replace(new RegExp(`("${field}"): ("[^"]*"|[^,]*)`), `$1: ${value}`)
      )
      const rows = changed(8, change ?? { data: spoilt[0] })
      expect(rows[7]).not.toEqual(table[7])
      const refused = yield* Effect.flip(Import.run(source(rows)))
      expect(refused).toMatchObject({ _tag: "RowRefused", row: 8 })
      expect(refused.message).toContain(why)
      expect(yield* log).toHaveLength(7)
      expect(yield* Import.run(source(table))).toEqual({ read: 20, written: 13 })
    }).pipe(Effect.provide(layer))
  )

  it.effect("refuses a row that says something else than it did", () =>
    Effect.gen(function* () {
      yield* Import.run(source(table))
      const data = String(table[4]?.data).replace("60", "61")
      expect(yield* Effect.flip(Import.run(source(changed(5, { data }))))).toMatchObject({
        row: 5,
        details: "the log has another event as import@5"
      })
    }).pipe(Effect.provide(layer))
  )

  it.effect("does not mix a product with one of somebody else that has its id", () =>
    Effect.gen(function* () {
      const store = yield* EventStore.EventStore
      const payload = JSON.stringify({ productId: "3" })
      const events = [{ type: "ProductViewed", revision: 2, payload }]
      yield* store.append({
        id: "another",
        metadata: {},
        parts: [{ stream: "Product-3", expected: { _tag: "Any" }, events }]
      })
      expect(yield* Effect.flip(Import.run(source(table)))).toMatchObject({
        row: 8,
        details: "the log has a Product-3 already, which is another one"
      })
    }).pipe(Effect.provide(layer))
  )

  it.effect("takes a view of a product that came before it, as that shop did", () =>
    Effect.gen(function* () {
      const view = { productId: 3, type: "ProductViewed", data: '{"product_id": 3, "occurred_at": ""}' }
      const rows = [...table.slice(0, 6), { id: 7, ...view }, ...table.slice(7)]
      expect(yield* Import.run(source(rows))).toEqual({ read: 20, written: 20 })
      expect(yield* History.stateAt(Product, "3")).toMatchObject({ stock: 24 })
    }).pipe(Effect.provide(layer))
  )
})
