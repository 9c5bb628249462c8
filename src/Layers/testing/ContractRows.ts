/** What the cases of the read database have in common. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Projection from "../../Domain/Projection.ts"
import type { Claim } from "../../Services/ProjectionStore.ts"
import { ProjectionStore } from "../../Services/ProjectionStore.ts"
import type { Query } from "../../Services/ReadModel.ts"
import { ReadModel } from "../../Services/ReadModel.ts"
import * as Contract from "./Contract.ts"

/** Both sides of a read database. */
export type Stores = ProjectionStore | ReadModel

/** A promise of the read database, tried on one. */
export const promise = (
  name: string,
  run: (
    store: Context.Tag.Service<typeof ProjectionStore>,
    model: Context.Tag.Service<typeof ReadModel>
  ) => Effect.Effect<void, unknown, Stores>
): Contract.Case<Stores> =>
  Contract.promise(
    name,
    Effect.flatMap(Effect.all([ProjectionStore, ReadModel]), ([store, model]) => run(store, model))
  )

/** The log that the rows come from unless a case says otherwise. */
export const log = "the log"

/** A projection that was never built. */
export const fresh: Effect.Effect<Projection.Any> = Effect.map(Contract.unique, (id) => ({
  name: `contract-${id}`,
  version: 1,
  shape: "the shape",
  indexes: ["text", "number", "flag", "mixed"],
  search: ["text", "more"]
}))

/** Rows by key, as changes; `undefined` removes. */
export const changes = (rows: {
  readonly [key: string]: Projection.JsonRow | undefined
}): ReadonlyArray<Projection.Change> => Object.entries(rows).map(([key, row]) => ({ key, row }))

/** Claims a projection for the first epoch, on an empty log, unless a case says otherwise. */
export const claim = (projection: Projection.Any, options: Partial<Omit<Claim, "projection">> = {}) =>
  Effect.flatMap(ProjectionStore, (store) => store.claim({ projection, log, epoch: 1, head: 0, ...options }))

/** The generation of a projection that readers see, or are going to. */
export const current = (projection: Projection.Any) => Effect.map(claim(projection), ({ current }) => current)

/** Takes a generation from one position to the next one, with these changes, at the time of ten times `to`. */
export const write = (
  projection: Projection.Any,
  generation: number,
  from: number,
  rows: { readonly [key: string]: Projection.JsonRow | undefined },
  to = from + 1,
  epoch = 1
) =>
  Effect.flatMap(ProjectionStore, (store) =>
    store.write({ projection, generation, epoch, from, to, time: to * 10, changes: changes(rows) })
  )

/** A new projection with these rows, at position 1. */
export const filled = (rows: { readonly [key: string]: Projection.JsonRow }) =>
  Effect.gen(function* () {
    const projection = yield* fresh
    const { generation } = yield* current(projection)
    yield* write(projection, generation, 0, rows)
    return projection
  })

/** The rows that readers see, by key, and their position. */
export const shown = (projection: Projection.Any) =>
  Effect.map(
    Effect.flatMap(ReadModel, (model) => model.list(projection, {})),
    ({ asOf, rows }) => ({
      position: asOf.position,
      rows: Object.fromEntries(rows.map(({ key, row }) => [key, row]))
    })
  )

/** The keys of the rows that a query finds, in their order. */
export const keys = (projection: Projection.Any, query: Query) =>
  Effect.map(
    Effect.flatMap(ReadModel, (model) => model.list(projection, query)),
    ({ rows }) => rows.map(({ key }) => key)
  )

/** Fails unless readers of a projection are told that it is being built, and how far it has got. */
export const rebuilding = (projection: Projection.Any, position: number, goal: number) =>
  Effect.gen(function* () {
    const model = yield* ReadModel
    const error = { _tag: "Rebuilding", projection: projection.name, position, goal }
    yield* Contract.refuses("get", model.get(projection, "a"), error)
    yield* Contract.refuses("list", model.list(projection, {}), error)
    yield* Contract.refuses("count", model.count(projection, {}), error)
  })
