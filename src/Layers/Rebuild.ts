/** Builds the rows of a projection again, beside those that are served, and then lets readers see the new ones. */
import * as Effect from "effect/Effect"
import type * as Message from "../Domain/Message.ts"
import type * as Projection from "../Domain/Projection.ts"
import { EventStore } from "../Services/EventStore.ts"
import { ProjectionStore } from "../Services/ProjectionStore.ts"
import * as StoreError from "../Services/StoreError.ts"
import * as Projector from "./Projector.ts"
import type { HandlerFailed } from "./Handler.ts"

/**
 * Folds the whole log into a new generation of rows. Until it is done, readers see the old rows and the
 * projector keeps them up to date; the switch is atomic, and the projector goes on with the new rows. No
 * reaction fires. Returns how many positions were scanned.
 */
export const run = <Name extends string, Row, E extends Message.Tagged>(
  projection: Projection.Projection<Name, Row, E>
): Effect.Effect<number, HandlerFailed | StoreError.StoreError, EventStore | ProjectionStore> =>
  Effect.gen(function* () {
    const log = yield* EventStore
    const store = yield* ProjectionStore
    let { generation, position } = yield* store.begin(projection)
    while (true) {
      const page = yield* log.readAll({ after: position, types: projection.codec.types })
      if (page.to === position) {
        if (yield* store.promote(projection, generation)) return position
        // Either something has just been appended, or the rows that are served have seen another log.
        if ((yield* log.head) <= position) {
          return yield* StoreError.make("ForeignCheckpoint", `"${projection.name}" is ahead of the log`)
        }
      } else {
        yield* Projector.project(store, projection, generation, page)
        position = page.to
      }
    }
  }).pipe(
    Effect.catchTag("CheckpointMoved", () =>
      Effect.fail(StoreError.make("Busy", `somebody else is rebuilding "${projection.name}"`))
    ),
    Effect.withSpan("Rebuild.run", { attributes: { projection: projection.name } })
  )
