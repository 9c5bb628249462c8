/** Runs a projection: folds pages of the log into rows, and stores rows and position together. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { Page, Recorded } from "../Domain/Event.ts"
import type * as Message from "../Domain/Message.ts"
import * as Projection from "../Domain/Projection.ts"
import type { EventStore } from "../Services/EventStore.ts"
import type { MessageBus } from "../Services/MessageBus.ts"
import type { Change } from "../Services/ProjectionStore.ts"
import { ProjectionStore } from "../Services/ProjectionStore.ts"
import * as Subscriptions from "../Services/Subscriptions.ts"
import * as Handler from "./Handler.ts"
import * as Subscription from "./Subscription.ts"

/** Keeps the rows of a projection up to date, from its checkpoint on, as long as the program runs. */
export const layer = <Name extends string, Row, E extends Message.Tagged>(
  projection: Projection.Projection<Name, Row, E>
): Layer.Layer<
  Subscriptions.Running<Name>,
  Subscriptions.DuplicateSubscriber,
  EventStore | MessageBus | Subscriptions.Subscriptions | ProjectionStore
> =>
  Layer.scoped(
    Subscriptions.running(projection),
    Effect.flatMap(ProjectionStore, (store) => {
      let generation = 0
      return Subscription.run({
        name: projection.name,
        types: projection.codec.types,
        checkpoint: Effect.map(store.serving(projection), (serving) => {
          generation = serving.generation
          return serving.position
        }),
        handle: (page) => project(store, projection, generation, page),
        remedy:
          "Its rows stay as they were. Mend its handlers and start again; if rows are wrong, rebuild it."
      })
    })
  )

/**
 * Takes a generation of rows from `page.after` to `page.to`. When an event fails, those before it are done and
 * stored, and the failure names it.
 */
export const project = <Name extends string, Row, E extends Message.Tagged>(
  store: Context.Tag.Service<typeof ProjectionStore>,
  projection: Projection.Projection<Name, Row, E>,
  generation: number,
  page: Page
): ReturnType<Handler.Handler["handle"]> =>
  Handler.narrowing((part) => projectPage(store, projection, generation, part))(page)

// internal

const projectPage = <Name extends string, Row, E extends Message.Tagged>(
  store: Context.Tag.Service<typeof ProjectionStore>,
  projection: Projection.Projection<Name, Row, E>,
  generation: number,
  page: Page
) =>
  Effect.gen(function* () {
    const changes = page.events.length === 0 ? [] : yield* changesOf(store, projection, generation, page)
    yield* store.write({ projection, generation, from: page.after, to: page.to, time: page.time, changes })
  })

const changesOf = <Name extends string, Row, E extends Message.Tagged>(
  store: Context.Tag.Service<typeof ProjectionStore>,
  projection: Projection.Projection<Name, Row, E>,
  generation: number,
  { events }: Page
) =>
  Effect.gen(function* () {
    // A failure that concerns the page as a whole is named after its last event; `project` narrows it down.
    const last = events.at(-1) ?? raise("a page without events changes no rows")
    const attempt = <A>(work: () => A) =>
      Effect.try({ try: work, catch: (cause) => Handler.failed(last, cause) })

    const recorded: Array<Recorded<E>> = []
    const keys = new Set<string>()
    yield* attempt(() => {
      for (const stored of events) {
        const decoded = Either.getOrThrowWith(projection.codec.decode(stored), (error) => error)
        recorded.push(decoded)
        keys.add(projection.key(decoded))
      }
    })
    const before = yield* store.rows(generation, [...keys])
    return yield* attempt((): ReadonlyArray<Change> => {
      const rows: Projection.Rows<Row> = new Map()
      for (const [key, row] of before) rows.set(key, Option.some(orThrow(projection.decodeRow(row))))
      for (const one of recorded) Projection.step(projection, rows, one)
      return Array.from(rows, ([key, row]) => ({
        key,
        row: Option.isSome(row) ? orThrow(projection.encodeRow(row.value)) : undefined
      }))
    })
  })

const orThrow = <A, E>(result: Either.Either<A, E>): A => Either.getOrThrowWith(result, (error) => error)

const raise = (message: string): never => {
  throw new Error(message)
}
