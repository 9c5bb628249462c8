/** Queries: rows of projections, found by key or listed, each answer with the position that it is as of. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
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
  /** At most so many rows, a whole number from 1; default 100. */
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

/** Asks only what the projection has declared, and no store could misunderstand, wherever the query came from. */
export const checked = <A, E, R>(
  projection: Projection.Any,
  query: Query,
  ask: () => Effect.Effect<A, E, R>
): Effect.Effect<A, E | StoreError.StoreError, R> => {
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
    /**
     * One consistent answer, in the same order on every store. Fails with `Invalid` on an undeclared field, and on what
     * is no query.
     */
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
  /**
   * Waits until the rows show what this receipt recorded: read your own write. Fails at once when the projection has
   * halted, and waits as long as it tries again, on a full disk for hours: give the query an `Effect.timeout`.
   */
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
  const limit = limitOf(rest)
  return checked(projection, rest, () =>
    query(projection, { ...(atLeast && { atLeast }) }, (model) =>
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

/** How many rows a query asks for. */
export const limitOf = ({ limit = defaultLimit }: Pick<Query, "limit">): number =>
  Math.min(limit, Number.MAX_SAFE_INTEGER)

// internal

/** What a field can have that queries filter and sort by. */
const Value = Schema.Union(Schema.String, Schema.JsonNumber, Schema.Boolean, Schema.Null).annotations({
  message: () => ({ message: "a text, a number, a boolean or null is expected", override: true })
})

const Limit = Schema.Number.pipe(Schema.filter((limit) => Number.isInteger(limit) && limit > 0)).annotations({
  message: () => ({ message: "a whole number from 1 is expected", override: true })
})

const validated = Schema.validateEither(
  Schema.Struct({
    where: Schema.optional(Schema.Record({ key: Schema.String, value: Value })),
    search: Schema.optional(Schema.String),
    orderBy: Schema.optional(Schema.String),
    descending: Schema.optional(Schema.Boolean),
    limit: Schema.optional(Limit),
    after: Schema.optional(Schema.Struct({ value: Value, key: Schema.String }))
  })
)

const problem = ({ indexes, name }: Projection.Any, query: Query): string | undefined => {
  const found = validated(query)
  if (Either.isLeft(found)) {
    const [first] = ParseResult.ArrayFormatter.formatErrorSync(found.left)
    return `${first?.path.join(".")} of a query: ${first?.message}`
  }
  const { orderBy, where = {} } = query
  const fields = [...Object.keys(where), ...(orderBy === undefined ? [] : [orderBy])]
  const unknown = fields.find((field) => !indexes.includes(field))
  return unknown === undefined ? undefined : `"${unknown}" is no index of "${name}"`
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
