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
import type { Home } from "./Checkpoint.ts"
import type { Folding } from "./Folding.ts"
import * as Handler from "./Handler.ts"

/** Where the rows are that are built again. */
export type Place = Pick<Batch, "from" | "to" | "time">

/** Does what operators have asked for since the last time; `place` is where the projection stands. */
export const open = <Name extends string, Row, E extends Message.Tagged>(
  home: Home,
  folding: Folding,
  projection: Projection.Projection<Name, Row, E>
) =>
  Effect.gen(function* () {
    const subscriber = projection.name
    let requests = yield* Notes.all(home.notes, { subscriber, kind: Note.ofStreamKind })

    const rebuild = (request: Note.Note, place: Place) =>
      rowsOf(home.log, projection, request.key, place.to).pipe(
        Effect.flatMap((changes) => folding.write({ ...place, changes })),
        Effect.catchAllCause((cause) =>
          Effect.flatMap(Handler.ours(cause), (cause) =>
            Effect.logError(`"${subscriber}": ${request.key} could not be rebuilt: ${why(cause)}`)
          )
        ),
        Effect.zipRight(EventStore.advance(home.log, { subscriber, from: 0, to: 0, drop: [request] }))
      )

    return (place: Place) =>
      Effect.gen(function* () {
        for (const request of requests) yield* rebuild(request, place)
        requests = []
      })
  })

// internal

const why = (cause: Cause.Cause<unknown>): string => Handler.oneLine(Cause.squash(cause))

/** The rows that the events of one stream lead to, up to a position. */
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
    return yield* Effect.try(() => Projection.changes(projection, rows))
  })
