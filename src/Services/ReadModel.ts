/** Queries: rows of projections, found by key or listed, each answer with the position that it is as of. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Projection from "../Domain/Projection.ts"
import * as StoreError from "./StoreError.ts"
import { reached } from "./Subscriptions.ts"
import type { Running, SubscriberHalted } from "./Subscriptions.ts"

/** How much of the log an answer has seen. */
export interface AsOf {
  readonly position: number
  /** `recordedAt` of the event at that position, in milliseconds since 1970; 0 before the first. */
  readonly time: number
}

/** Where a page of a listing ended. */
export interface Cursor {
  readonly value: unknown
  readonly key: string
}

/** Which rows, in which order, how many. */
export interface Query<Field extends string = string> {
  /** Only rows whose fields have these values. */
  readonly where?: { readonly [F in Field]?: string | number | boolean | null }
  /** Only rows that have this text in one of the projection's search fields, whatever its case or width. */
  readonly search?: string
  /** Texts in the order of code points; equal values in the order of their keys. Default: by key. */
  readonly orderBy?: Field
  readonly descending?: boolean
  /** At most so many rows; default 100. */
  readonly limit?: number
  /** Continues after the page that ended here. */
  readonly after?: Cursor
}

/** The first rows of a projection are being built, and until they are whole there is nothing to show. */
export class Rebuilding extends Schema.TaggedError<Rebuilding>()("Rebuilding", {
  projection: Schema.String,
  /** How far they have got. */
  position: Schema.Int,
  /** The position at which readers are going to see them; 0 before anybody has begun. */
  goal: Schema.Int
}) {
  override get message() {
    return this.goal === 0
      ? `"${this.projection}" has not been built yet`
      : `"${this.projection}" is being built: ${this.position} of ${this.goal} positions`
  }
}

/** Asks only what the projection has declared, whatever the types said where the query came from. */
export const checked = <A, E>(
  projection: Projection.Any,
  query: Query,
  ask: () => Effect.Effect<A, E>
): Effect.Effect<A, E | StoreError.StoreError> => {
  const reason = problem(projection, query)
  return reason === undefined ? Effect.suspend(ask) : Effect.fail(StoreError.make("Invalid", reason))
}

/**
 * The port of queries: rows as they are stored. Its typed face are the functions below. A reader sees the rows that
 * are served of its own version. While there are none, it sees the newest that are served of another version, if they
 * have the same shape; else it fails with `Rebuilding`. It never sees half of a build.
 */
export class ReadModel extends Context.Tag("everfold/ReadModel")<
  ReadModel,
  {
    readonly get: (
      projection: Projection.Any,
      key: string
    ) => Effect.Effect<
      { readonly row: Projection.JsonRow | undefined; readonly asOf: AsOf },
      Rebuilding | StoreError.StoreError
    >
    /** One consistent answer, in the same order on every store. Fails with `Invalid` on an undeclared field. */
    readonly list: (
      projection: Projection.Any,
      query: Query
    ) => Effect.Effect<
      {
        readonly rows: ReadonlyArray<{ readonly key: string; readonly row: Projection.JsonRow }>
        readonly asOf: AsOf
      },
      Rebuilding | StoreError.StoreError
    >
    readonly count: (
      projection: Projection.Any,
      query: Pick<Query, "where" | "search">
    ) => Effect.Effect<{ readonly count: number; readonly asOf: AsOf }, Rebuilding | StoreError.StoreError>
  }
>() {}

/** What a reader insists on. */
export interface Freshness {
  /** Waits until the rows show what this receipt recorded: read your own write. */
  readonly atLeast?: { readonly position: number }
}

type Failure = Rebuilding | StoreError.StoreError | SubscriberHalted

/** The row of a key. */
export const get = <Name extends string, Row>(
  projection: Projection.Readable<Name, Row>,
  key: string,
  options: Freshness = {}
): Effect.Effect<
  { readonly row: Option.Option<Row>; readonly asOf: AsOf },
  Failure,
  ReadModel | Running<Name>
> =>
  query(projection, options, (model) =>
    Effect.flatMap(model.get(projection, key), ({ asOf, row }) =>
      row === undefined
        ? Effect.succeed({ row: Option.none(), asOf })
        : Effect.map(decodeRow(projection, key, row), (value) => ({ row: Option.some(value), asOf }))
    )
  )

/** A page of rows; `next` continues it, and is absent at the end. */
export const list = <Name extends string, Row, Field extends string>(
  projection: Projection.Readable<Name, Row, Field>,
  { atLeast, ...rest }: Query<NoInfer<Field>> & Freshness = {}
): Effect.Effect<
  { readonly rows: ReadonlyArray<Row>; readonly next: Option.Option<Cursor>; readonly asOf: AsOf },
  Failure,
  ReadModel | Running<Name>
> => {
  const limit = rest.limit ?? defaultLimit
  return query(projection, { ...(atLeast && { atLeast }) }, (model) =>
    Effect.gen(function* () {
      const page = yield* model.list(projection, { ...rest, limit: limit + 1 })
      const shown = page.rows.slice(0, limit)
      const rows = yield* Effect.forEach(shown, ({ key, row }) => decodeRow(projection, key, row))
      const last = page.rows.length > limit ? Option.fromNullable(shown.at(-1)) : Option.none()
      const next = Option.map(last, ({ key, row }) => ({
        value: rest.orderBy === undefined ? null : (row[rest.orderBy] ?? null),
        key
      }))
      return { rows, next, asOf: page.asOf }
    })
  )
}

/** How many rows there are. */
export const count = <Name extends string, Row, Field extends string>(
  projection: Projection.Readable<Name, Row, Field>,
  { atLeast, ...rest }: Pick<Query<NoInfer<Field>>, "where" | "search"> & Freshness = {}
): Effect.Effect<{ readonly count: number; readonly asOf: AsOf }, Failure, ReadModel | Running<Name>> =>
  query(projection, { ...(atLeast && { atLeast }) }, (model) => model.count(projection, rest))

/** How many rows a page has unless the query says otherwise. */
export const defaultLimit = 100

// internal

const problem = ({ indexes, name }: Projection.Any, { orderBy, where = {} }: Query): string | undefined => {
  const fields = [...Object.keys(where), ...(orderBy === undefined ? [] : [orderBy])]
  const unknown = fields.find((field) => !indexes.includes(field))
  return unknown && `"${unknown}" is no index of "${name}"`
}

const query = <Name extends string, A, E>(
  projection: Projection.Any<Name>,
  { atLeast }: Freshness,
  ask: (model: Context.Tag.Service<typeof ReadModel>) => Effect.Effect<A, E>
): Effect.Effect<A, E | SubscriberHalted, ReadModel | Running<Name>> =>
  Effect.zipRight(reached(projection, atLeast ?? { position: 0 }), Effect.flatMap(ReadModel, ask))

const decodeRow = <Name extends string, Row>(
  projection: Projection.Readable<Name, Row>,
  key: string,
  row: Projection.JsonRow
): Effect.Effect<Row, StoreError.StoreError> =>
  Effect.mapError(projection.decodeRow(row), (error) =>
    StoreError.make(
      "Undecodable",
      `row "${key}" of "${projection.name}" does not match its Schema: ${error.message}`
    )
  )
