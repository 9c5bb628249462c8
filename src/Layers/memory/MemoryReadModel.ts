/** The read database in memory: rows of projections, and queries over them. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { JsonRow } from "../../Domain/Projection.ts"
import type * as Projection from "../../Domain/Projection.ts"
import * as Text from "../../Domain/Text.ts"
import { ProjectionStore } from "../../Services/ProjectionStore.ts"
import type { Query } from "../../Services/ReadModel.ts"
import { checked, limitOf, ReadModel } from "../../Services/ReadModel.ts"
import * as MemoryGenerations from "./MemoryGenerations.ts"

export const make = Effect.sync(() => {
  const all = MemoryGenerations.empty()

  const store = ProjectionStore.of({
    claim: (claim) => Effect.suspend(() => MemoryGenerations.claim(all, claim)),
    begin: (projection, log, head) => Effect.sync(() => MemoryGenerations.begin(all, projection, log, head)),
    rows: (generation, keys) =>
      Effect.sync(() => {
        const rows = MemoryGenerations.rows(all, generation)
        return new Map(
          keys.flatMap((key) => {
            const kept = rows.get(key)
            return kept === undefined ? [] : [[key, kept.row] as const]
          })
        )
      }),
    write: (batch) => Effect.suspend(() => MemoryGenerations.write(all, batch)),
    prune: (projection) => Effect.sync(() => MemoryGenerations.prune(all, projection))
  })

  const shown = (projection: Projection.Any) => Effect.suspend(() => MemoryGenerations.shown(all, projection))

  const model = ReadModel.of({
    get: (projection, key) =>
      Effect.map(shown(projection), (build) => ({ row: build.rows.get(key)?.row, asOf: asOf(build) })),
    list: (projection, query) =>
      checked(projection, query, () =>
        Effect.map(shown(projection), (build) => {
          const found = select(build.rows, query).sort(order(query))
          const page = found.filter(follows(query)).slice(0, limitOf(query))
          return { rows: page, asOf: asOf(build) }
        })
      ),
    count: (projection, query) =>
      checked(projection, query, () =>
        Effect.map(shown(projection), (build) => ({
          count: select(build.rows, query).length,
          asOf: asOf(build)
        }))
      )
  })

  return Context.make(ProjectionStore, store).pipe(Context.add(ReadModel, model))
})

/** An empty read database. */
export const layer: Layer.Layer<ProjectionStore | ReadModel> = Layer.effectContext(make)

// internal

interface Entry {
  readonly key: string
  readonly row: JsonRow
}

const asOf = ({ position, time }: MemoryGenerations.Build) => ({ position, time })

const select = (
  rows: ReadonlyMap<string, MemoryGenerations.Kept>,
  { search, where = {} }: Query
): Array<Entry> => {
  const wanted = Object.entries(where)
  const text = Text.fold(search ?? "")
  const found: Array<Entry> = []
  for (const [key, kept] of rows) {
    const isWanted = wanted.every(([field, value]) => (kept.row[field] ?? null) === value)
    if (isWanted && kept.search.includes(text)) found.push({ key, row: kept.row })
  }
  return found
}

const order =
  ({ descending = false, orderBy }: Query) =>
  (a: Entry, b: Entry): number => {
    const byValue = orderBy === undefined ? 0 : compare(a.row[orderBy], b.row[orderBy])
    const ascending = byValue === 0 ? Text.compare(a.key, b.key) : byValue
    return descending ? -ascending : ascending
  }

const follows = (query: Query) => {
  const { after, orderBy } = query
  if (after === undefined) return () => true
  const end: Entry = { key: after.key, row: orderBy === undefined ? {} : { [orderBy]: after.value } }
  const compareEntries = order(query)
  return (entry: Entry) => compareEntries(entry, end) > 0
}

/** As SQL does: no value first, then numbers (and booleans), then texts. */
const compare = (a: unknown, b: unknown): number => {
  const left = sortable(a)
  const right = sortable(b)
  if (typeof left === "string" && typeof right === "string") return Text.compare(left, right)
  if (typeof left === "number" && typeof right === "number") return left - right
  return rank(left) - rank(right)
}

const sortable = (value: unknown) => (typeof value === "boolean" ? Number(value) : (value ?? null))

const rank = (value: unknown): number => (value === null ? 0 : typeof value === "number" ? 1 : 2)
