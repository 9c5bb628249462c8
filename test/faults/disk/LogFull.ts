/** The disk of log and rows is full: who is told so, what goes on meanwhile, and what when there is space again. */
import { CommandHandler, EventStore, ReadModel, StoreError, Subscriptions } from "everfold"
import Database from "better-sqlite3"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import { join } from "node:path"
import { isDeepStrictEqual } from "node:util"
import * as Files from "../statements/Files.ts"
import * as Library from "./Library.ts"
import type { SmallDisk } from "./SmallDisk.ts"

/** Writes until nothing fits any more; now and then somebody reads all the while, so that the WAL only grows. */
export const run = ({ directory, free }: SmallDisk) =>
  Effect.gen(function* () {
    const files = { log: join(directory, "log.db"), read: join(directory, "read.db") }
    const inLog = (pages: ReadonlyArray<Library.Page>) => [
      ...Files.damage(directory),
      ...different(
        "the log",
        Files.log(directory).map(Files.commitOf).sort(),
        pages.map(({ name }) => name).sort()
      )
    ]

    const { pages, violations } = yield* Effect.gen(function* () {
      yield* Library.write(first)
      const release = (yield* Random.nextBoolean) ? hold(files.log) : () => undefined
      const { refused, violations, written } = yield* fill
      const pages = [first, ...written, ...refused]
      violations.push(...(yield* meanwhile), ...inLog([first, ...written]))
      release()
      yield* free
      const again = yield* Effect.forEach(refused, (page) => Effect.either(Library.write(page)))
      violations.push(
        ...Arr.getLefts(again).map(({ message }) => `although there is space again: ${message}`)
      )
      yield* Library.settled
      return { pages, violations: [...violations, ...(yield* Library.misprints(pages))] }
    }).pipe(Effect.provide(Library.layer(files)))

    const reopened = yield* Effect.provide(
      Effect.zipRight(Library.settled, Library.misprints(pages)),
      Library.layer(files)
    )
    return [...violations, ...reopened, ...inLog(pages)]
  })

// internal

const first = Library.Write.make({ book: "a", name: "a first page", text: "as it was" })

/** Several at a time, of any size, until three times nobody gets through. */
const fill = Effect.gen(function* () {
  const [written, refused]: [Array<Library.Page>, Array<Library.Page>] = [[], []]
  const violations: Array<string> = []
  for (let round = 0, inVain = 0; inVain < 3; round++) {
    const pages = yield* Effect.forEach(Arr.range(1, yield* Random.nextIntBetween(1, 9)), (n) =>
      Effect.map(Random.nextIntBetween(2, 15), (power) =>
        Library.Write.make({ book: `b${n % 3}`, name: `page ${round}.${n}`, text: "x".repeat(2 ** power) })
      )
    )
    const outcomes = yield* Effect.forEach(pages, (page) => Effect.either(Library.write(page)), {
      concurrency: "unbounded"
    })
    inVain = outcomes.some(Either.isRight) ? 0 : inVain + 1
    for (const [page, outcome] of Arr.zip(pages, outcomes)) {
      ;(Either.isRight(outcome) ? written : refused).push(page)
    }
    violations.push(
      ...Arr.getLefts(outcomes)
        .filter(isOther)
        .map(({ message }) => `not Full: ${message}`)
    )
  }
  return { written, refused, violations }
})

const isOther = (error: unknown) => !(error instanceof StoreError.StoreError && error.reason === "Full")

/** What does not go on while nothing can be written. */
const meanwhile = Effect.gen(function* () {
  const store = yield* EventStore.EventStore
  const head = yield* store.head
  const page = yield* store.readAll({ limit: 10_000 })
  const stream = yield* store.readStream({ stream: "Book-a" })
  const { row } = yield* ReadModel.get(Library.Pages, first.name)
  const closed = yield* Effect.either(CommandHandler.handle(Library.Book, Library.Close.make({ book: "a" })))
  const nothing = yield* Library.write({ ...first, name: "an empty page", text: "" })
  const again = yield* Library.write(first)
  const states = yield* Subscriptions.status
  return [
    ...different("the log as it is read", page.events.length, head),
    ...different("a stream", stream.length, 1),
    ...different("a row", Option.getOrUndefined(row), { text: first.text }),
    ...different(
      "a refusal",
      Either.flip(closed).pipe(Either.map(({ _tag }) => _tag)),
      Either.right("BookIsOpen")
    ),
    ...different("nothing to do", nothing, []),
    ...different("a command sent again", again, [1]),
    ...states.flatMap(({ error, name, status }) => (status === "Halted" ? [`"${name}" halts: ${error}`] : []))
  ]
})

/** Reads from a log for a long time; what it has not seen cannot leave the WAL. */
const hold = (file: string) => {
  const database = new Database(file, { readonly: true })
  database.exec("begin; select count(*) from events")
  return () => void database.close()
}

const different = (name: string, found: unknown, due: unknown): ReadonlyArray<string> =>
  isDeepStrictEqual(found, due)
    ? []
    : [`${name}: ${JSON.stringify(found).slice(0, 300)} instead of ${JSON.stringify(due).slice(0, 300)}`]
