import { expect, it } from "@effect/vitest"
import type { ReadModel } from "everfold"
import * as Effect from "effect/Effect"
import * as SqliteReadModel from "../../../src/Layers/sqlite/SqliteReadModel.ts"
import { freshFile, open, projection, rebuilt } from "./readDatabases.ts"

type Model = typeof ReadModel.ReadModel.Service

const after = { value: "text 3", key: "k3" }
const byText = "USING INDEX rows of things by text (generation=?"

const queries: ReadonlyArray<
  readonly [query: string, ask: (model: Model) => Effect.Effect<unknown, unknown>, plan: string]
> = [
  ["a row", (model) => model.get(projection, "k7"), "USING PRIMARY KEY (generation=? AND key=?)"],
  ["a page by key", (model) => model.list(projection, {}), "USING PRIMARY KEY (generation=?)"],
  ["a page by a field", (model) => model.list(projection, { orderBy: "text" }), byText],
  ["the page after", (model) => model.list(projection, { orderBy: "text", after }), byText],
  [
    "a page from the end",
    (model) => model.list(projection, { orderBy: "text", descending: true, limit: 3 }),
    byText
  ],
  [
    "a filtered page",
    (model) => model.list(projection, { where: { text: "text 3" }, orderBy: "text" }),
    `${byText} AND <expr>>? AND <expr><?)`
  ],
  [
    "how many rows",
    (model) => model.count(projection, { where: { text: "text 3" } }),
    `${byText} AND <expr>>? AND <expr><?)`
  ],
  [
    "rows of another version",
    (model) => model.list({ ...projection, version: 2 }, { orderBy: "text" }),
    byText
  ]
]

it.scopedLive("a row that is damaged is Corrupt, whoever reads it; the others are still found", () =>
  Effect.gen(function* () {
    const database = yield* open(yield* freshFile)
    const { serving, store } = yield* rebuilt(database, 3)
    yield* database.transact(({ values }) => {
      for (const field of projection.indexes) values(`drop index "rows of things by ${field}"`, [])
      values("update rows set row = '{\"text' where key = 'k1'", [])
    })
    const model = SqliteReadModel.make(database)
    const corrupt = (whose: string) => ({
      _tag: "StoreError",
      reason: "Corrupt",
      details: `row "k1" of ${whose} is damaged: rebuild it`
    })
    expect(yield* Effect.flip(model.get(projection, "k1"))).toMatchObject(corrupt('"things"'))
    expect(yield* Effect.flip(model.list(projection, {}))).toMatchObject(corrupt('"things"'))
    const byNumber = model.count(projection, { where: { number: 2 } })
    expect(yield* Effect.flip(byNumber)).toMatchObject({ _tag: "StoreError", reason: "Corrupt" })
    const asked = store.rows(serving, ["k0", "k1"])
    expect(yield* Effect.flip(asked)).toMatchObject(corrupt(`generation ${serving}`))
    expect((yield* model.get(projection, "k2")).row).toEqual({ text: "text 2", number: 2 })
  })
)

it.scopedLive.each(queries)("%s is one statement, which finds rows in their order", ([, ask, plan]) =>
  Effect.gen(function* () {
    const database = yield* open(yield* freshFile)
    yield* rebuilt(database, 100)
    const asked: Array<readonly [statement: string, params: ReadonlyArray<unknown>]> = []
    const model = SqliteReadModel.make({
      ...database,
      read: (statement, params) => {
        asked.push([statement, params])
        return database.read(statement, params)
      }
    })
    yield* ask(model)
    expect(asked).toHaveLength(1)
    for (const [statement, params] of asked) {
      const steps = yield* database.read(`explain query plan ${statement}`, params)
      const details = steps.map((step) => String(step[3]))
      expect(details.filter((detail) => detail.startsWith("SEARCH rows"))).toEqual([
        expect.stringContaining(plan)
      ])
      // Only the few generations of a projection are sorted.
      expect(details.filter((detail) => detail.startsWith("SCAN"))).toEqual([])
      expect(details.slice(details.findIndex((detail) => detail.startsWith("SEARCH rows")))).toHaveLength(1)
    }
  })
)
