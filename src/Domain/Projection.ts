/**
 * A read model as a pure fold: events into rows of a DTO, one row per key.
 *
 * The kit stores the rows, in every store, and moves them together with the position that they are at. A
 * projection is declared once and runs live, catching up, rebuilding, and in a test (`Projection.run`).
 */
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import type { Recorded } from "./Event.ts"
import * as Event from "./Event.ts"
import type { Category, Containing } from "./Category.ts"
import * as EventCodec from "./EventCodec.ts"
import * as Guard from "./Guard.ts"
import * as Json from "./Json.ts"
import type * as Message from "./Message.ts"
import type { ByTag, TagOf, TypeOf } from "./Message.ts"
import * as Name from "./Name.ts"

/** A row as it is stored: an object of JSON values. */
export type JsonRow = { readonly [field: string]: unknown }

/** What names a projection and its rows, whatever its types. */
export interface Any<out Name extends string = string> {
  readonly name: Name
  readonly version: number
  /** What a stored row looks like: rows of another version with the same shape can be read in their place. */
  readonly shape: string
  readonly indexes: ReadonlyArray<string>
  readonly search: ReadonlyArray<string>
}

/** What queries need: how rows are read, and by which fields they may be filtered and sorted. */
export interface Readable<
  out Name extends string,
  out Row,
  out Field extends string = string
> extends Any<Name> {
  readonly indexes: ReadonlyArray<Field>
  readonly decodeRow: (row: unknown) => Either.Either<Row, ParseResult.ParseError>
}

/** A projection of events `E` into rows. */
export interface Projection<
  Name extends string,
  Row,
  E extends Message.Tagged,
  Field extends string = string
> extends Readable<Name, Row, Field> {
  readonly codec: EventCodec.EventCodec<E>
  /** Which row an event belongs to. */
  readonly key: (recorded: Recorded<E>) => string
  readonly apply: (row: Row | undefined, recorded: Recorded<E>) => Row | undefined
  /** Fails when the row could not be read back. */
  readonly encodeRow: (row: Row) => Either.Either<JsonRow, Unstorable>
}

/** A row that no store could give back as it is. */
export class Unstorable extends Schema.TaggedError<Unstorable>()("Unstorable", { details: Schema.String }) {
  override get message() {
    return `the row that it leads to cannot be stored: ${this.details}`
  }
}

/** One handler per event: the row before (if there is one) into the row after; `undefined` means no row. */
export type Handlers<Row, Events extends Message.List> = {
  readonly [Tag in TagOf<Events>]: (
    row: Row | undefined,
    event: ByTag<TypeOf<Events>, Tag>,
    recorded: Recorded<ByTag<TypeOf<Events>, Tag>>
  ) => Row | undefined
}

/** The fields that are stored as one value and so can be compared: text, number, boolean or null. */
export type ScalarField<Encoded> = {
  [Field in keyof Encoded & string]-?: [Encoded[Field]] extends [string | number | boolean | null | undefined]
    ? Field
    : never
}[keyof Encoded & string]

/** A projection that waits for its handlers. */
export interface Declared<Name extends string, Row, Field extends string, Events extends Message.List> {
  readonly on: <H extends Handlers<Row, Events>>(
    handlers: H & Message.NoExtra<H, TagOf<Events>, "event"> & Message.Exact<H, Row, "row">
  ) => Projection<Name, Row, TypeOf<Events>, Field>
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
  const Field extends ScalarField<Encoded> & keyof Row = never,
  const Categories extends ReadonlyArray<Category> = ReadonlyArray<Category>
>(
  /** Permanent: the rows and their position are found by it. */
  name: Name,
  data: {
    /** The DTO. What it has no field for does not reach a reader. */
    readonly row: Schema.Schema<Row, Encoded>
    readonly events: Events
    /** Read as a whole: an event of theirs that no release knew halts the subscriber instead of passing it by. */
    readonly categories?: Categories & Containing<Categories, Events>
    /** Which row an event belongs to. */
    readonly key: (event: TypeOf<Events>, recorded: Recorded<TypeOf<Events>>) => string
    /** Raise it when the handlers change their meaning: the rows are then built again from the log. */
    readonly version?: number
    /** Fields that `ReadModel.list` may filter and sort by. */
    readonly indexes?: ReadonlyArray<Field>
    /**
     * Text fields that `ReadModel.list` searches: any alphabet, any case. Raise `version` when they change: a
     * row is made searchable when it is written.
     */
    readonly search?: ReadonlyArray<keyof Row & keyof Encoded & string>
  }
): Declared<Name, Row, Field, Events> => {
  Name.check("a projection", name)
  for (const index of data.indexes ?? []) Name.check("an index", index)
  const codec = EventCodec.make(data.events, data.categories)
  const isStored = Guard.make(data.row)
  const encodeSchema = Schema.encodeEither(data.row)
  const encode = (row: Row): Either.Either<JsonRow, Unstorable> => {
    if (isStored(row)) return Either.right(row)
    if (Json.hasProtoKey(row)) return unstorable("a key __proto__ is refused")
    return Either.orElse(encodeSchema(row), (error) => unstorable(issuesOf(error)))
  }
  return {
    on: (handlers) => {
      const apply = Event.foldedBy<Row | undefined, Row | undefined>(handlers)
      return {
        name,
        version: data.version ?? 1,
        shape: JSON.stringify([String(Schema.encodedSchema(data.row)), data.search ?? []]),
        indexes: data.indexes ?? [],
        search: data.search ?? [],
        codec,
        key: (recorded) => wellFormed(data.key(recorded.event, recorded)),
        apply,
        encodeRow: (row) => {
          const encoded = encode(row)
          const problem = Either.isRight(encoded) ? Json.problem(encoded.right) : undefined
          return problem === undefined ? encoded : unstorable(problem)
        },
        decodeRow: Schema.decodeUnknownEither(data.row)
      }
    }
  }
}

/** Each row comes from the events of one stream. */
export interface PerStream extends Any {
  readonly perStream: true
}

/** Promises that each row comes from the events of one stream, so that the rows of a stream can be built again alone. */
export const perStream = <P extends Any>(projection: P): P & PerStream => ({ ...projection, perStream: true })

/** A handler for an event that changes no row. */
export const unchanged = <Row>(row: Row | undefined): Row | undefined => row

/** Rows by key; `undefined` where there is no row (any more). */
export type Rows<Row> = Map<string, Row | undefined>

/** Folds one event into `rows`, which must hold what is known of the event's key. */
export const step = <Name extends string, Row, E extends Message.Tagged>(
  projection: Projection<Name, Row, E>,
  rows: Rows<Row>,
  recorded: Recorded<E>
): void => {
  const key = projection.key(recorded)
  rows.set(key, projection.apply(rows.get(key), recorded) ?? undefined)
}

/** A row to be stored under a key, or the removal of the row. */
export interface Change {
  readonly key: string
  readonly row: JsonRow | undefined
}

/** What the rows of some keys are to a store; throws where one could not be read back. */
export const changes = <Name extends string, Row, E extends Message.Tagged>(
  { encodeRow }: Projection<Name, Row, E>,
  rows: Rows<Row>,
  keys: Iterable<string> = rows.keys()
): ReadonlyArray<Change> =>
  Array.from(keys, (key) => {
    const row = rows.get(key)
    return {
      key,
      row: row === undefined ? undefined : Either.getOrThrowWith(encodeRow(row), (error) => error)
    }
  })

/**
 * The rows that some events lead to, without store or bus: what a test of a projection looks at. Throws where a
 * store would refuse a row.
 */
export const run = <Name extends string, Row, E extends Message.Tagged>(
  projection: Projection<Name, Row, E>,
  events: ReadonlyArray<E>,
  envelope: Parameters<typeof Event.record>[1] = {}
): ReadonlyMap<string, Row> => {
  const rows: Rows<Row> = new Map()
  for (const recorded of Event.record(events, envelope)) step(projection, rows, recorded)
  const present = new Map<string, Row>()
  for (const [key, row] of rows) {
    if (row === undefined) continue
    Either.getOrThrowWith(projection.encodeRow(row), (error) => error)
    present.set(key, row)
  }
  return present
}

// internal

const wellFormed = (key: string): string => {
  if (key.isWellFormed()) return key
  throw new TypeError(`the key ${JSON.stringify(key)} of a row is no Unicode text`)
}

/** What does not fit the Schema: each field, and why. */
const issuesOf = (error: ParseResult.ParseError): string =>
  ParseResult.ArrayFormatter.formatErrorSync(error)
    .map(({ message, path }) => [...path, message].join(": "))
    .join("; ")

const unstorable = (details: string) => Either.left(new Unstorable({ details }))
