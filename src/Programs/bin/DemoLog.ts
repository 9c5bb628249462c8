/** A log in which only the examples have written, so that they may go on. */
import { EventStore, StreamName } from "everfold"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { contexts } from "./Contexts.ts"

/** Somebody else's. */
export class NotOurs extends Data.TaggedError("NotOurs")<{ readonly message: string }> {}

/** Refuses a log with an event of a category that no context here has: a story would write among them. */
export const check = Effect.gen(function* () {
  const log = yield* EventStore.EventStore
  const head = yield* log.head
  for (let after = 0; after < head;) {
    const { events, to } = yield* log.readAll({ after })
    const other = events.find(({ stream }) => !ours.has(StreamName.category(stream)))
    if (other !== undefined) {
      const message = `event ${other.position} of the log is of "${other.stream}": the demo needs a folder of its own`
      return yield* new NotOurs({ message })
    }
    after = to
  }
})

// internal

const ours = new Set([...contexts.values()].flat().map(({ name }) => name))
