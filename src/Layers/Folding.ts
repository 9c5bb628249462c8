/** Takes one generation of a projection along the log: folds pages into rows, and stores rows and position together. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { Page, Recorded, Stored } from "../Domain/Event.ts"
import type * as Message from "../Domain/Message.ts"
import * as Projection from "../Domain/Projection.ts"
import type { Batch, Generation, ProjectionStore } from "../Services/ProjectionStore.ts"
import * as Failure from "./Failure.ts"
import * as Handler from "./Handler.ts"

/** What writes to a generation, under one lease, and one thing after the other. */
export interface Folding {
  /**
   * Takes the rows from `page.after` to `page.to`. When an event fails, those before it are done and stored, and the
   * failure names it.
   */
  readonly project: (page: Page) => Effect.Effect<Generation, Failure.Failure>
  /** Stores rows that come from elsewhere. */
  readonly write: (work: Work) => ReturnType<Store["write"]>
}

/** What is written to it. */
export type Work = Omit<Batch, "projection" | "generation" | "epoch">

/** Folds into a generation that has been claimed for an epoch. */
export const open = <Name extends string, Row, E extends Message.Tagged>(
  store: Store,
  projection: Projection.Projection<Name, Row, E>,
  { epoch, generation }: Pick<Batch, "epoch" | "generation">
): Folding => {
  /** Rows that need not be read: nobody else writes to them unnoticed, because a claim has earlier epochs refused. */
  let known: Projection.Rows<Row> = new Map()

  /** While it is uncertain what is stored, nothing is known. */
  const take = () => {
    const rows = known
    known = new Map()
    return rows
  }

  const write = ({ changes, from, time, to }: Work, rows = take()) =>
    Effect.map(store.write({ projection, generation, epoch, from, to, time, changes }), (reached) => {
      // What is stored in another form than it has here is read again, as anybody else would read it.
      for (const { key, row } of changes) if (row !== rows.get(key)) rows.delete(key)
      if (rows.size <= most) known = rows
      return reached
    })

  const fold = (events: Page["events"], last: Stored, rows: Projection.Rows<Row>) =>
    Effect.flatMap(
      attempt(last, () => decode(projection, events)),
      ({ keys, recorded }) => {
        const unknown = [...keys].filter((key) => !rows.has(key))
        const foldInto = (found: ReadonlyMap<string, Projection.JsonRow>) =>
          attempt(last, () => {
            for (const key of unknown) rows.set(key, rowOf(projection, found.get(key)))
            for (const one of recorded) Projection.step(projection, rows, one)
            return Projection.changes(projection, rows, keys)
          })
        return unknown.length === 0
          ? foldInto(none)
          : Effect.flatMap(store.rows(generation, unknown), foldInto)
      }
    )

  return {
    write: (work) => Effect.suspend(() => write(work)),
    project: Handler.narrowing((page) =>
      Effect.suspend(() => {
        const { after: from, events, time, to } = page
        const rows = take()
        const last = events.at(-1)
        if (last === undefined) return write({ from, to, time, changes: [] }, rows)
        return Effect.flatMap(fold(events, last, rows), (changes) => write({ from, to, time, changes }, rows))
      })
    )
  }
}

// internal

type Store = Context.Tag.Service<typeof ProjectionStore>

/** How many rows are kept for the next page: no more than pages of the usual size have at once. */
const most = 1000

const none: ReadonlyMap<string, Projection.JsonRow> = new Map()

/** A failure that concerns a page as a whole is named after its last event: `narrowing` finds the one that is meant. */
const attempt = <A>(last: Stored, work: () => A): Effect.Effect<A, Failure.HandlerFailed> =>
  Effect.try({ try: work, catch: (cause) => Failure.at(last, cause) })

const decode = <Name extends string, Row, E extends Message.Tagged>(
  { codec, key }: Projection.Projection<Name, Row, E>,
  events: ReadonlyArray<Stored>
) => {
  const recorded: Array<Recorded<E>> = []
  const keys = new Set<string>()
  for (const stored of events) {
    for (const one of orThrow(codec.decode(stored))) {
      recorded.push(one)
      keys.add(key(one))
    }
  }
  return { recorded, keys }
}

const rowOf = <Name extends string, Row>(
  { decodeRow }: Projection.Readable<Name, Row>,
  stored: Projection.JsonRow | undefined
): Row | undefined => (stored === undefined ? undefined : orThrow(decodeRow(stored)))

const orThrow = <A, E>(result: Either.Either<A, E>): A => Either.getOrThrowWith(result, (error) => error)
