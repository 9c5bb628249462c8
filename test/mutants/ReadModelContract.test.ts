/** Stores that break one promise each: the contract suites must notice, by the case that says so. */
import { describe, expect, it } from "@effect/vitest"
import { MemoryReadModel, ProjectionStore, ReadModel } from "everfold"
import { EventStoreContract, ReadModelContract } from "everfold/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { broken } from "./broken.ts"
import type { BrokenDatabase } from "./BrokenDatabase.ts"
import { positionFirst, same } from "./BrokenDatabase.ts"
import { brokenClaims } from "./brokenClaims.ts"
import { brokenGenerations } from "./brokenGenerations.ts"

const databases: ReadonlyArray<BrokenDatabase> = [
  ...brokenClaims,
  ...brokenGenerations,
  [
    "writes rows although the position is elsewhere",
    "a batch that begins elsewhere is CheckpointMoved, and nothing of it is written",
    (rows) => ({
      ...rows,
      write: (batch) =>
        Effect.firstSuccessOf(Array.from({ length: 9 }, (_, from) => rows.write({ ...batch, from })))
    }),
    same
  ],
  [
    "writes the position before the rows",
    "a reader sees the rows of one position, never a mixture",
    positionFirst,
    same
  ],
  [
    "forgets removals",
    "rows are replaced whole, and removed",
    (rows) => ({
      ...rows,
      write: (batch) =>
        rows.write({ ...batch, changes: batch.changes.filter(({ row }) => row !== undefined) })
    }),
    same
  ],
  [
    "orders by UTF-16",
    "keys are ordered by code point, and are the order unless another is asked for",
    same,
    (queries) => ({
      ...queries,
      list: (projection, query) =>
        Effect.map(queries.list(projection, query), (page) => ({
          ...page,
          rows:
            query.orderBy === undefined ? [...page.rows].sort((a, b) => (a.key < b.key ? -1 : 1)) : page.rows
        }))
    })
  ],
  [
    "forgets the key of a cursor",
    "pages by any field, in both directions, over ties and missing values, show each row once",
    same,
    (queries) => ({
      ...queries,
      list: (projection, { after, ...query }) =>
        queries.list(projection, after === undefined ? query : { ...query, after: { ...after, key: "" } })
    })
  ],
  [
    "searches as it is written",
    "a search finds a text in any alphabet and any case",
    same,
    (queries) => ({
      ...queries,
      list: (projection, { search, ...query }) =>
        Effect.map(queries.list(projection, query), (page) => ({
          ...page,
          rows: page.rows.filter(({ row }) => String(row["text"]).includes(search ?? ""))
        }))
    })
  ]
]

describe("the contract of the read database", () => {
  it.live("is kept by the read database that the others were made from", () =>
    Effect.map(broken(ReadModelContract.cases, MemoryReadModel.layer), (names) => expect(names).toEqual([]))
  )
  for (const [mutant, noticed, rows, queries] of databases) {
    it.live(`notices a read database that ${mutant}`, () => {
      const store = Layer.merge(
        Layer.effect(ProjectionStore.ProjectionStore, Effect.map(ProjectionStore.ProjectionStore, rows)),
        Layer.effect(ReadModel.ReadModel, Effect.map(ReadModel.ReadModel, queries))
      ).pipe(Layer.provide(MemoryReadModel.layer))
      return Effect.map(broken(ReadModelContract.cases, store), (names) => expect(names).toContain(noticed))
    })
  }
})

describe("the cases", () => {
  it("have names of their own", () => {
    const names = [...EventStoreContract.cases, ...ReadModelContract.cases].map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})
