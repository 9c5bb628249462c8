/** Builds the rows of single streams again when an operator asks: by the projection's owner, where it stands. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Interest from "../Domain/Interest.ts"
import type * as Message from "../Domain/Message.ts"
import * as Note from "../Domain/Note.ts"
import * as Projection from "../Domain/Projection.ts"
import * as EventStore from "../Services/EventStore.ts"
import * as Notes from "../Services/Notes.ts"
import type { Batch } from "../Services/ProjectionStore.ts"
import type { Subscription } from "../Services/Subscriptions.ts"
import type { Home } from "./Checkpoint.ts"
import * as Failure from "./Failure.ts"
import type { Folding } from "./Folding.ts"

/** Where the rows are that are built again. */
export type Place = Pick<Batch, "from" | "to" | "time">

/** Does what operators have asked for; what fails stays asked for. `place` is where the projection stands. */
export const open = <Name extends string, Row, E extends Message.Tagged>(
  home: Home,
  folding: Folding,
  projection: Projection.Projection<Name, Row, E>,
  subscription: Subscription
) =>
  Effect.gen(function* () {
    const subscriber = projection.name
    let requests = yield* Notes.all(home.notes, { subscriber, kind: Note.ofStreamKind })

    const rebuild = (request: Note.Note, place: Place) =>
      rowsOf(home.log, projection, request.key, place.to).pipe(
        Effect.flatMap((changes) => folding.write({ ...place, changes })),
        Effect.as({ drop: [request] }),
        Effect.catchAllCause((cause) =>
          Effect.flatMap(Failure.own(cause), (cause) => failed(request, cause))
        ),
        Effect.flatMap((changes) => EventStore.advance(home.log, { subscriber, from: 0, to: 0, ...changes }))
      )

    const failed = ({ key, ...request }: Note.Note, cause: Cause.Cause<unknown>) =>
      Effect.gen(function* () {
        const value = Failure.oneLine(Cause.squash(cause))
        const error = `${key} could not be rebuilt: ${value}`
        yield* Effect.logError(`"${subscriber}": ${error}`)
        yield* subscription.update(({ errors }) => ({ errors: errors + 1, error }))
        return { keep: [{ ...request, key, value }] }
      })

    return (place: Place) =>
      Effect.gen(function* () {
        for (const request of requests) yield* rebuild(request, place)
        requests = []
      })
  })

// internal

/** The rows that the events of one stream lead to, up to a position; what the projection throws is a defect. */
const rowsOf = <Name extends string, Row, E extends Message.Tagged>(
  log: Home["log"],
  projection: Projection.Projection<Name, Row, E>,
  stream: string,
  position: number
) =>
  Effect.gen(function* () {
    const isWanted = Interest.includes(projection.codec.interest)
    const rows: Projection.Rows<Row> = new Map()
    let after = 0
    while (true) {
      const events = yield* log.readStream({ stream, after })
      const seen = events.filter((stored) => stored.position <= position)
      for (const stored of seen.filter(isWanted)) {
        for (const one of yield* projection.codec.decode(stored)) Projection.step(projection, rows, one)
      }
      after += events.length
      if (events.length === 0 || seen.length < events.length) break
    }
    return Projection.changes(projection, rows)
  })
