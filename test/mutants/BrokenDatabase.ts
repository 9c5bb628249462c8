/** Read databases that break one promise each, made from one that keeps them all. */
import type { ProjectionStore, ReadModel } from "everfold"
import * as Effect from "effect/Effect"

export type Rows = typeof ProjectionStore.ProjectionStore.Service
export type Queries = typeof ReadModel.ReadModel.Service

/** What is wrong with it, the promise that it breaks, and how. */
export type BrokenDatabase = readonly [
  mutant: string,
  noticed: string,
  rows: (rows: Rows) => Rows,
  queries: (queries: Queries) => Queries
]

export const same = <A>(service: A): A => service

/** Writes the position before the rows, in two steps. */
export const positionFirst = (rows: Rows): Rows => ({
  ...rows,
  write: (batch) =>
    rows
      .write({ ...batch, changes: [] })
      .pipe(Effect.zipLeft(Effect.yieldNow()), Effect.zipRight(rows.write({ ...batch, from: batch.to })))
})
