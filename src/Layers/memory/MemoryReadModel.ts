/** The read database in memory: rows of projections, and queries over them. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { JsonRow } from "../../Domain/Projection.ts"
import type * as Projection from "../../Domain/Projection.ts"
import * as Text from "../../Domain/Text.ts"
import { CheckpointMoved } from "../../Domain/Commit.ts"
import type { Batch } from "../../Services/ProjectionStore.ts"
import { ProjectionStore } from "../../Services/ProjectionStore.ts"
import type { Query } from "../../Services/ReadModel.ts"
import { checked, defaultLimit, ReadModel } from "../../Services/ReadModel.ts"

export const make = Effect.sync(() => {
  const generations = new Map<number, Generation>()
  let last = 0

  const start = (projection: Projection.Any, serving: boolean): Generation => {
    const generation: Generation = {
      generation: ++last,
      build: buildOf(projection),
      serving,
      position: 0,
      time: 0,
      rows: new Map()
    }
    generations.set(generation.generation, generation)
    return generation
  }
  const find = (projection: Projection.Any, serving: boolean) =>
    [...generations.values()].find((one) => one.build === buildOf(projection) && one.serving === serving)
  const shown = (projection: Projection.Any) => find(projection, true) ?? start(projection, true)

  const write = ({ changes, from, generation, projection, time, to }: Batch) => {
    const target = generations.get(generation)
    if (target === undefined || target.position !== from) {
      return Effect.fail(new CheckpointMoved({ subscriber: projection.name, expected: from }))
    }
    for (const { key, row } of changes) {
      if (row === undefined) target.rows.delete(key)
      else target.rows.set(key, asStored(row))
    }
    target.position = to
    target.time = time
    return Effect.void
  }

  const begin = (projection: Projection.Any) => {
    const unfinished = find(projection, false)
    if (unfinished !== undefined) generations.delete(unfinished.generation)
    return start(projection, false)
  }

  const promote = (projection: Projection.Any, generation: number) => {
    const next = generations.get(generation)
    const current = shown(projection)
    if (next === undefined) return Effect.fail(gone(projection))
    if (next.position < current.position) return Effect.succeed(false)
    generations.delete(current.generation)
    next.serving = true
    return Effect.succeed(true)
  }

  const store = ProjectionStore.of({
    serving: (projection) => Effect.sync(() => reached(shown(projection))),
    begin: (projection) => Effect.sync(() => reached(begin(projection))),
    rows: (generation, keys) =>
      Effect.sync(() => {
        const rows = generations.get(generation)?.rows
        return new Map(
          keys.flatMap((key) => {
            const row = rows?.get(key)
            return row === undefined ? [] : [[key, row] as const]
          })
        )
      }),
    write: (batch) => Effect.suspend(() => write(batch)),
    promote: (projection, generation) => Effect.suspend(() => promote(projection, generation))
  })

  const model = ReadModel.of({
    get: (projection, key) =>
      Effect.sync(() => {
        const { position, rows, time } = shown(projection)
        return { row: rows.get(key), asOf: { position, time } }
      }),
    list: (projection, query) =>
      checked(projection, query, () => {
        const { position, rows, time } = shown(projection)
        const found = select(projection, rows, query).sort(order(query))
        const page = found.filter(follows(query)).slice(0, query.limit ?? defaultLimit)
        return Effect.succeed({ rows: page, asOf: { position, time } })
      }),
    count: (projection, query) =>
      checked(projection, query, () => {
        const { position, rows, time } = shown(projection)
        return Effect.succeed({ count: select(projection, rows, query).length, asOf: { position, time } })
      })
  })

  return Context.make(ProjectionStore, store).pipe(Context.add(ReadModel, model))
})

/** An empty read database. */
export const layer: Layer.Layer<ProjectionStore | ReadModel> = Layer.effectContext(make)

// internal

/** The generation is no longer there: somebody else has begun another. */
const gone = ({ name }: Projection.Any) => new CheckpointMoved({ subscriber: name, expected: 0 })

interface Generation {
  readonly generation: number
  readonly build: string
  readonly rows: Map<string, JsonRow>
  serving: boolean
  position: number
  time: number
}

interface Entry {
  readonly key: string
  readonly row: JsonRow
}

/** What a row is once it was JSON: a copy, without what JSON cannot say. */
const asStored = (row: JsonRow): JsonRow => JSON.parse(JSON.stringify(row))

const reached = ({ generation, position }: Generation) => ({ generation, position })

const buildOf = ({ name, version }: Projection.Any): string => JSON.stringify([name, version])

const select = (
  projection: Projection.Any,
  rows: ReadonlyMap<string, JsonRow>,
  { search, where = {} }: Query
): Array<Entry> => {
  const wanted = Object.entries(where)
  const text = Text.fold(search ?? "")
  return Array.from(rows, ([key, row]) => ({ key, row })).filter(
    ({ row }) =>
      wanted.every(([field, value]) => (row[field] ?? null) === value) &&
      (text === "" || Text.searchable(projection.search, row).includes(text))
  )
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
