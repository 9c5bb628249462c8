/** `UPDATE_GOLDEN=1 npx vitest run test/golden` records what is new; see CONTRIBUTING.md. */
import type { Aggregate } from "everfold"
import * as Either from "effect/Either"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as fs from "node:fs"
import * as path from "node:path"
import { describe, expect, it } from "vitest"
import { Stock } from "../../src/Domain/Allocation/Stock.ts"
import { Product } from "../../src/Domain/Catalogue/Product.ts"
import { Order } from "../../src/Domain/Ordering/Order.ts"
import { Reorder } from "../../src/Domain/Purchasing/Reorder.ts"
import { created, viewed } from "../Domain/Catalogue/samples.ts"
import { Golden, type Histories, problems, renew } from "./Golden.ts"
import { order, product, reorder, stock } from "./histories.ts"

const fileOf = ({ name }: Aggregate.Any) => path.join(import.meta.dirname, `${name}.json`)

const read = (aggregate: Aggregate.Any): Golden | undefined =>
  fs.existsSync(fileOf(aggregate))
    ? Schema.decodeSync(Schema.parseJson(Golden))(fs.readFileSync(fileOf(aggregate), "utf8"))
    : undefined

const golden = <A extends Aggregate.Any>(aggregate: A, histories: Histories<A>) =>
  it(`${aggregate.name} folds what is recorded into the states that are recorded`, () => {
    if (process.env["UPDATE_GOLDEN"] === "1") {
      const renewed = Either.getOrThrowWith(
        renew(aggregate, read(aggregate), histories),
        (why) => new Error(why)
      )
      fs.writeFileSync(fileOf(aggregate), `${JSON.stringify(renewed, undefined, 2)}\n`)
    }
    const recorded = read(aggregate)
    if (recorded === undefined) throw new Error(`${fileOf(aggregate)} is missing: run with UPDATE_GOLDEN=1`)
    expect(problems(aggregate, recorded, histories)).toEqual([])
  })

golden(Product, product)
golden(Order, order)
golden(Reorder, reorder)
golden(Stock, stock)

it("every aggregate of a context has a golden file", async () => {
  const domain = path.resolve(import.meta.dirname, "../../src/Domain")
  const files = fs.readdirSync(domain, { recursive: true, encoding: "utf8" })
  const modules = await Promise.all(
    files
      .filter((file) => file.includes(path.sep) && file.endsWith(".ts"))
      .map((file): Promise<object> => import(path.join(domain, file)))
  )
  const names = modules
    .flatMap((module): ReadonlyArray<unknown> => Object.values(module))
    .filter((value) => Predicate.hasProperty(value, "evolve") && Predicate.hasProperty(value, "name"))
    .map(({ name }) => `${String(name)}.json`)
  expect(names.sort()).toEqual(fs.readdirSync(import.meta.dirname).filter((file) => file.endsWith(".json")))
})

describe("a golden file", () => {
  const { snapshot } = Product
  const under = (version: number): typeof Product => ({
    ...Product,
    snapshot: snapshot && { ...snapshot, version }
  })
  const told = { "a product": [created(), viewed()] }
  const recorded = Either.getOrThrow(renew(under(3), undefined, told))
  /** Sells one with each look. */
  const changed = (aggregate: typeof Product): typeof Product => ({
    ...aggregate,
    evolve: (state, event) => {
      const next = Product.evolve(state, event)
      return event._tag === "ProductViewed" && next._tag === "Listed"
        ? { ...next, stock: next.stock - 1 }
        : next
    }
  })
  const difference = expect.stringMatching(
    /^"a product", event 2 \(ProductViewed\): .*"stock":100.* then, .*"stock":99.* now/
  )

  it("fails when the folds give another state", () => {
    expect(problems(under(3), recorded, told)).not.toContainEqual(difference)
    expect(problems(changed(under(3)), recorded, told)).toContainEqual(difference)
  })

  it("fails when it is of another version, of other histories, or lacks an event", () => {
    expect(problems(under(4), recorded, told)).toEqual([
      "Product was recorded under snapshot version 3, and now has 4: record it again"
    ])
    expect(problems(under(3), recorded, { ...told, another: [viewed()] })).toEqual([
      `"another" is not recorded yet`,
      "no history has a StockUpdated",
      "no history has a PriceChanged"
    ])
  })

  it("fails when an event does not decode any more", () => {
    const unread = JSON.parse(JSON.stringify(recorded).replace('"amount":2999', '"amount":-1'))
    const failure = expect.stringContaining(`"a product" does not decode any more: ProductCreated`)
    expect(problems(under(3), unread, told)).toContainEqual(failure)
    expect(renew(under(3), unread, {})).toEqual(Either.left(failure))
    expect(Either.isLeft(renew(under(4), unread, {}))).toBe(true)
  })

  it.each([1, 2, 3])("is not written over by another state under version %d", (version) => {
    const refused = expect.stringMatching(/raise the snapshot version of Product first$/)
    expect(renew(changed(under(version)), recorded, told)).toEqual(Either.left(refused))
    expect(renew({ ...changed(Product), snapshot: undefined }, recorded, told)).toEqual(Either.left(refused))
  })

  it("is written over under a higher version; what happened stays as it was", () => {
    const other = { "a product": [viewed()], another: [created()] }
    const renewed = Either.getOrThrow(renew(changed(under(4)), recorded, other))
    const events = ({ histories }: Golden) =>
      histories["a product"]?.map(({ payload, type }) => [type, payload])
    expect(events(renewed)).toEqual(events(recorded))
    expect(renewed.histories["another"]).toHaveLength(1)
    expect(problems(changed(under(4)), renewed, other)).toEqual([
      "no history has a StockUpdated",
      "no history has a PriceChanged"
    ])
  })

  it("takes a history of a former revision that was written by hand, and fills in the states", () => {
    const fields = { product_id: 1, new_price: 19.999, occurred_at: "2024-03-01" }
    const step = { type: "PriceChanged", revision: 1, payload: fields, state: null }
    const [before] = recorded.histories["a product"] ?? []
    const byHand = {
      ...recorded,
      histories: { ...recorded.histories, "an old price": [{ ...before, ...step }] }
    }
    expect(problems(under(3), byHand, told)).toContainEqual(expect.stringContaining(": null then, "))
    const { histories } = Either.getOrThrow(renew(under(3), byHand, told))
    expect(histories["an old price"]).toEqual([{ ...step, state: { _tag: "Absent" } }])
    expect(histories["a product"]).toEqual(recorded.histories["a product"])
  })

  it("stays as it is when nothing has changed", () => {
    expect(renew(under(3), recorded, told)).toEqual(Either.right(recorded))
  })
})
