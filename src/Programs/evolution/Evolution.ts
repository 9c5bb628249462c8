/**
 * The story of an old log: a shop in Python has written it, today's code reads it, and goes on with it. Nothing that
 * is stored is changed; each event is read as what it was, and lifted to what it means today.
 */
import { EventStore, Projector, type Engine, type StoreError, type Verification } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { ProductListing } from "../../Domain/Catalogue/ProductListing.ts"
import * as Shop from "../Shop.ts"
import { quote, say, section, table } from "../Terminal.ts"
import * as Import from "./Import.ts"
import * as Together from "./Together.ts"

/** Two shops: the old one with its file, and today's with its log. */
export interface Shops {
  readonly stack: Layer.Layer<Engine.Stack, StoreError.StoreError>
  /** Lets the old one write its history. */
  readonly opens: Effect.Effect<Old, StoreError.StoreError, Scope.Scope>
  readonly verify: Effect.Effect<Verification.Report, StoreError.StoreError>
}

/** The table of the old shop, and whether Python has written it. */
export interface Old {
  readonly python: boolean
  readonly source: Import.Source
}

/** Tells the story, on a log that is empty. */
export const program = (shops: Shops) =>
  Effect.gen(function* () {
    yield* Shop.begin
    const old = yield* shops.opens
    yield* tellTable(old)
    yield* tellImport(old.source)
    yield* tellMeaning
    yield* Together.tell
    yield* section("In the end")
    const { decoded, events, problems } = yield* shops.verify
    yield* say(`verify: ${problems.length} problems; ${decoded} of ${events} events decode.`)
  }).pipe(Effect.scoped, Effect.provide(Layer.provideMerge(Projector.layer(ProductListing), shops.stack)))

// internal

/** Rows in which there is something to see: a creation with a long price and no supplier, and what came later. */
const shown = [8, 14, 15]

const tellTable = ({ python, source }: Old) =>
  Effect.gen(function* () {
    yield* section("The log of another program")
    const rows = yield* source(0)
    yield* say(
      python
        ? "bench/seeds.py has run: the example that everfold grew from, in Python."
        : "No python3 here: this program writes the rows that bench/seeds.py would write.",
      `Its table of events has ${rows.length} rows. Prices are floats, and fields are named as`,
      "Python names them. Three of the rows:"
    )
    for (const { data, id, type } of rows.filter(({ id }) => shown.includes(id))) {
      yield* say(`${id}  ${String(type)}`)
      yield* quote(String(data))
    }
  })

const tellImport = (source: Import.Source) =>
  Effect.gen(function* () {
    yield* section("Imported as it is, as revision 1")
    yield* say("At first from a copy, in which somebody has put a minus before a price:")
    yield* Effect.catchTag(Import.run(spoilt(source)), "RowRefused", ({ message }) => quote(message))
    const { head } = yield* EventStore.EventStore
    yield* say(`The ${yield* head} rows before it are in the log. Then the table itself, twice:`)
    yield* table([
      ["", ...counted(yield* Import.run(source))],
      ["", ...counted(yield* Import.run(source))]
    ])
    yield* say("The commit of a row has the id of the row, so the log knows what it has.")
  })

const counted = ({ read, written }: Import.Report) => [read, "rows read", written, "events written"]

/** The price of the third product is less than nothing. */
const spoilt =
  (source: Import.Source): Import.Source =>
  (after) =>
    Effect.map(source(after), (rows) =>
      rows.map((row) => ({ ...row, data: String(row.data).replace('"price": 19.999', '"price": -19.999') }))
    )

const tellMeaning = Effect.gen(function* () {
  yield* section("What is stored, and what it means today")
  const log = yield* EventStore.EventStore
  const { events } = yield* log.readAll({})
  for (const stored of events.filter(({ position }) => shown.includes(position))) {
    yield* say(
      `${stored.position}  ${stored.type}, revision ${stored.revision}: ${Together.clipped(stored.payload)}`
    )
    yield* quote(yield* Together.meaning(stored))
  }
  yield* say(
    "The payload is that of the old shop, to the byte. Euros have become cents, to",
    "the nearest one; nobody knows what supplier 2 is called. When it happened is",
    "still there, as occurred_at; the log's own time is that of the import."
  )
})
