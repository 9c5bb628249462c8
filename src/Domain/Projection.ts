/**
 * A read model as a pure fold: events into rows of a DTO, one row per key.
 *
 * The kit stores the rows, in every store, and moves them together with the position that they are at. A
 * projection is declared once and runs live, catching up, rebuilding, and in a test (`Projection.run`).
 */
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import type { Recorded } from "./Event.ts"
import * as Event from "./Event.ts"
import * as EventCodec from "./EventCodec.ts"
import type * as Message from "./Message.ts"
import type { ByTag, TagOf, TypeOf } from "./Message.ts"

/** A row as it is stored: an object of JSON values. */
export type JsonRow = { readonly [field: string]: unknown }

/** What names a projection and its rows, whatever its types. */
export interface Any<Name extends string = string> {
  readonly name: Name
  readonly version: number
  readonly indexes: ReadonlyArray<string>
  readonly search: ReadonlyArray<string>
}

/** A projection; `Field` are the fields that queries may filter and sort by. */
export interface Projection<
  Name extends string,
  Row,
  Field extends keyof Row & string,
  Events extends Message.List
> extends Any<Name> {
  readonly row: Schema.Schema<Row, JsonRow>
  readonly indexes: ReadonlyArray<Field>
  readonly search: ReadonlyArray<keyof Row & string>
  readonly codec: EventCodec.EventCodec<TypeOf<Events>>
  readonly key: (recorded: Recorded<TypeOf<Events>>) => string
  readonly apply: (row: Row | undefined, recorded: Recorded<TypeOf<Events>>) => Row | undefined
  readonly encodeRow: (row: Row) => Either.Either<JsonRow, ParseResult.ParseError>
  readonly decodeRow: (row: unknown) => Either.Either<Row, ParseResult.ParseError>
}

/** One handler per event: the row before (if there is one) into the row after; `undefined` means no row. */
export type Handlers<Row, Events extends Message.List> = {
  readonly [Tag in TagOf<Events>]: (
    row: Row | undefined,
    event: ByTag<TypeOf<Events>, Tag>,
    recorded: Recorded<ByTag<TypeOf<Events>, Tag>>
  ) => Row | undefined
}

/** A projection that waits for its handlers. */
export interface Declared<
  Name extends string,
  Row,
  Field extends keyof Row & string,
  Events extends Message.List
> {
  readonly on: <H extends Handlers<Row, Events>>(
    handlers: H & Message.NoExtra<H, TagOf<Events>, "event"> & Message.Exact<H, Row, "row">
  ) => Projection<Name, Row, Field, Events>
}

/**
 * Declares a projection.
 *
 * @example
 * const Balances = Projection.make("balances", {
 *   row: Schema.Struct({ accountId: Schema.String, balance: Schema.Int }),
 *   events: Account.events,
 *   key: (event) => event.accountId
 * }).on({
 *   Deposited: (row, event) => ({ accountId: event.accountId, balance: (row?.balance ?? 0) + event.amount })
 * })
 */
export const make = <
  const Name extends string,
  Row extends object,
  Encoded extends JsonRow,
  const Events extends Message.List,
  const Field extends keyof Row & keyof Encoded & string = never
>(
  /** Permanent: the rows and their position are found by it. */
  name: Name,
  data: {
    /** The DTO. What it has no field for does not reach a reader. */
    readonly row: Schema.Schema<Row, Encoded>
    readonly events: Events
    /** Which row an event belongs to. */
    readonly key: (event: TypeOf<Events>, recorded: Recorded<TypeOf<Events>>) => string
    /** Raise it when the handlers change their meaning: the rows are then built again from the log. */
    readonly version?: number
    /** Fields that `ReadModel.list` may filter and sort by. */
    readonly indexes?: ReadonlyArray<Field>
    /** Text fields that `ReadModel.list` searches: any alphabet, any case. */
    readonly search?: ReadonlyArray<keyof Row & keyof Encoded & string>
  }
): Declared<Name, Row, Field, Events> => {
  const codec = EventCodec.make(data.events)
  return {
    on: (handlers) => {
      const byTag = new Map<
        string,
        (row: Row | undefined, event: unknown, recorded: unknown) => Row | undefined
      >(Object.entries(handlers))
      return {
        name,
        version: data.version ?? 1,
        // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- a Schema is invariant in what it encodes to
        row: data.row as never,
        indexes: data.indexes ?? [],
        search: data.search ?? [],
        codec,
        key: (recorded) => data.key(recorded.event, recorded),
        apply: (row, recorded) => byTag.get(recorded.event._tag)?.(row, recorded.event, recorded),
        encodeRow: Schema.encodeEither(data.row),
        decodeRow: Schema.decodeUnknownEither(data.row)
      }
    }
  }
}

/** A handler for an event that changes no row. */
export const unchanged = <Row>(row: Row | undefined): Row | undefined => row

/** Rows by key; `None` where there is no row (any more). */
export type Rows<Row> = Map<string, Option.Option<Row>>

/** Folds one event into `rows`, which must hold what is known of the event's key. */
export const step = <Name extends string, Row, Field extends keyof Row & string, Events extends Message.List>(
  projection: Projection<Name, Row, Field, Events>,
  rows: Rows<Row>,
  recorded: Recorded<TypeOf<Events>>
): void => {
  const key = projection.key(recorded)
  const before = Option.getOrUndefined(rows.get(key) ?? Option.none())
  rows.set(key, Option.fromNullable(projection.apply(before, recorded)))
}

/** The rows that some events lead to, without store or bus: what a test of a projection looks at. */
export const run = <Name extends string, Row, Field extends keyof Row & string, Events extends Message.List>(
  projection: Projection<Name, Row, Field, Events>,
  events: ReadonlyArray<TypeOf<Events>>,
  envelope: Parameters<typeof Event.record>[1] = {}
): ReadonlyMap<string, Row> => {
  const rows: Rows<Row> = new Map()
  for (const recorded of Event.record(events, envelope)) step(projection, rows, recorded)
  return new Map([...rows].flatMap(([key, row]) => Option.toArray(row).map((value) => [key, value] as const)))
}
