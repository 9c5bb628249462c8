/**
 * Brings the events of the shop that came before this one into a log: each row of its table becomes an event of
 * revision 1, with the payload that it has. A row is imported once, however often it is read.
 */
import { Aggregate, type Commit, type Event, EventStore, Expected, type StoreError } from "everfold"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { Product } from "../../Domain/Catalogue/Product.ts"

/** A row as it was found; nothing of it is believed but its id, by which SQLite keeps it. */
export interface Found {
  readonly id: number
  readonly productId: unknown
  readonly type: unknown
  readonly data: unknown
}

/** The next rows behind one, in the order of their ids; none at the end. */
export type Source = (after: number) => Effect.Effect<ReadonlyArray<Found>, StoreError.StoreError>

/** How many rows were read, and how many of them were new to the log. */
export interface Report {
  readonly read: number
  readonly written: number
}

/** A row that is no event of that shop, or no event that this log can take. Those before it are in the log. */
export class RowRefused extends Data.TaggedError("RowRefused")<{
  readonly row: number
  readonly details: string
}> {
  override get message() {
    return `row ${this.row}: ${this.details}`
  }
}

/** Who has written the imported events, as their metadata say. */
export const actor = "import"

/** Appends what the log does not have yet, row by row; begun again, it goes on where it was. */
export const run = (
  source: Source
): Effect.Effect<Report, RowRefused | StoreError.StoreError, EventStore.EventStore> =>
  Effect.gen(function* () {
    let report: Report = { read: 0, written: 0 }
    let last = 0
    while (true) {
      const page = yield* source(last)
      if (page.length === 0) return report
      for (const found of page) {
        const written = yield* append(found.id, yield* eventOf(found))
        report = { read: report.read + 1, written: report.written + (written ? 1 : 0) }
        last = found.id
      }
    }
  })

// internal

const idOf = (row: number) => `${actor}@${row}`

const Row = Schema.Struct({
  productId: Schema.Int,
  type: Schema.String,
  data: Schema.String
})
const decodeRow = Schema.decodeUnknownEither(Row)

const refused = (row: number) => (error: { readonly message: string }) =>
  new RowRefused({ row, details: error.message })

/** The payload stays as it was written, if today's code can read it as an event of the product of the row. */
const eventOf = (found: Found): Either.Either<Old, RowRefused> =>
  Either.gen(function* () {
    const { data, productId, type } = yield* decodeRow(found)
    const encoded = { type, revision: 1, payload: data }
    const event = yield* Product.codec.decodePayload(encoded)
    if (event.productId === String(productId)) return { encoded, event }
    return yield* Either.left({ message: `it is in the place of product ${productId}: ${data}` })
  }).pipe(Either.mapLeft(refused(found.id)))

interface Old {
  readonly encoded: Event.Encoded
  readonly event: Aggregate.Event<typeof Product>
}

/** Whether it was new. */
const append = (row: number, { encoded, event }: Old) =>
  Effect.gen(function* () {
    const log = yield* EventStore.EventStore
    const stream = Aggregate.stream(Product, event.productId)
    const commit = (expected: Expected.Expected): Commit.Commit => ({
      id: idOf(row),
      request: `${encoded.type} ${encoded.payload}`,
      metadata: { actor },
      parts: [{ stream, expected, events: [encoded] }]
    })
    const begins = event._tag === "ProductCreated"
    const { duplicate } = yield* log
      .append(commit(begins ? Expected.noStream : Expected.any))
      .pipe(
        Effect.catchTag("VersionConflict", () =>
          Effect.zipRight(onlyImported(row, stream), log.append(commit(Expected.any)))
        )
      )
    return !duplicate
  }).pipe(
    Effect.catchTags({
      CommandIdReused: () => new RowRefused({ row, details: `the log has another event as ${idOf(row)}` }),
      VersionConflict: Effect.die,
      CheckpointMoved: Effect.die,
      StoreError: (error) => Effect.fail(isUnfit(error) ? refused(row)(error) : error)
    })
  )

/** Rows of that shop may speak of a product before they create it; a product of somebody else is another one. */
const onlyImported = (row: number, stream: string) =>
  Effect.gen(function* () {
    const log = yield* EventStore.EventStore
    let after = 0
    while (true) {
      const events = yield* log.readStream({ stream, after })
      if (events.length === 0) return
      if (events.some(({ id }) => !id.startsWith(`${actor}@`)))
        return yield* new RowRefused({
          row,
          details: `the log has a ${stream} already, which is another one`
        })
      after += events.length
    }
  })

const isUnfit = ({ reason }: StoreError.StoreError) => reason === "Invalid" || reason === "TooLarge"
