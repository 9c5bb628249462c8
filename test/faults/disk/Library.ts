/** A program whose log and rows grow as fast as they are told to, each in a place of its own. */
import {
  Aggregate,
  CommandHandler,
  Engine,
  Message,
  Projection,
  Projector,
  QueueDoorbell,
  ReadModel,
  Subscriptions,
  UuidIds
} from "everfold"
import { SqliteStack } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { isDeepStrictEqual } from "node:util"

const page = { book: Schema.String, name: Schema.String, text: Schema.String }
export class Write extends Message.Struct<Write>()("Write", page) {}
export class Written extends Message.Struct<Written>()("Written", page) {}
export class Close extends Message.Struct<Close>()("Close", { book: Schema.String }) {}
export class BookIsOpen extends Schema.TaggedError<BookIsOpen>()("BookIsOpen", {}) {}

/** A book takes any page but an empty one, and is never closed. */
export const Book = Aggregate.make("Book", {
  events: [Written],
  commands: [Write, Close],
  state: Schema.Int,
  initial: 0,
  id: ({ book }) => book
})
  .evolve({ Written: (pages) => pages + 1 })
  .decide({
    Write: (command) => (command.text === "" ? [] : [Written.make({ ...command })]),
    Close: () => new BookIsOpen()
  })

/** A row for each page, as large as the page. */
export const Pages = Projection.make("pages", {
  row: Schema.Struct({ text: Schema.String }),
  events: Book.events,
  key: ({ name }) => name
}).on({ Written: (_, { text }) => ({ text }) })

/** A page, under whose name it is written once. */
export type Page = Write

/** Writes a page; the positions of its events. */
export const write = (page: Page) =>
  Effect.map(CommandHandler.handle(Book, page, { commandId: page.name }), ({ events }) =>
    events.map(({ position }) => position)
  )

/** Waits for the rows, and not for ever. */
export const settled = Effect.timeout(Subscriptions.settled, "10 minutes")

/** What the rows show instead of these pages, once they are up to date. */
export const misprints = (pages: ReadonlyArray<Page>) =>
  Effect.gen(function* () {
    const found = yield* ReadModel.list(Pages, { limit: pages.length + 1 })
    const sorted = [...pages].sort((one, other) => (one.name < other.name ? -1 : 1)).map(({ text }) => text)
    const same = isDeepStrictEqual(
      found.rows.map(({ text }) => text),
      sorted
    )
    return same ? [] : [`${found.rows.length} rows are not the ${pages.length} pages that were written`]
  })

export class Add extends Message.Struct<Add>()("Add", { catalogue: Schema.String }) {}
export class Added extends Message.Struct<Added>()("Added", { catalogue: Schema.String }) {}

/** Its state, which is kept after each event, is far larger than its events. */
export const Catalogue = Aggregate.make("Catalogue", {
  events: [Added],
  commands: [Add],
  state: Schema.String,
  initial: "",
  snapshot: { version: 1, every: 1, sample: 0 },
  id: ({ catalogue }) => catalogue
})
  .evolve({ Added: (text) => text + "a card\n".repeat(10_000) })
  .decide({ Add: (command) => [Added.make({ ...command })] })

/** The program. Nothing happens in it on its own: whoever writes rings. */
export const layer = ({ log, read }: { readonly log: string; readonly read: string }) =>
  Projector.layer(Pages).pipe(
    Layer.provideMerge(Engine.layer()),
    Layer.provideMerge(SqliteStack.logDatabase(log)),
    Layer.provideMerge(SqliteStack.readDatabase(read)),
    Layer.provide(QueueDoorbell.layer),
    Layer.provideMerge(UuidIds.layer)
  )
