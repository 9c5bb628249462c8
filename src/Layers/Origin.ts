/** Whether the rows of a projection were built from the log that there is: a file can be put back from an older copy. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Projection from "../Domain/Projection.ts"
import type { EventStore } from "../Services/EventStore.ts"
import type { Builds, Generation } from "../Services/ProjectionStore.ts"

/** Claims rows; where they were not built from the log, those that are begun in their place. */
export const claimed = <E>(claim: Effect.Effect<Builds, E>, log: Log, disown: Effect.Effect<void, E>) =>
  Effect.gen(function* () {
    const found = yield* claim
    const { current, next = current } = found
    if ((yield* isOf(log, current)) && (yield* isOf(log, next))) return found
    yield* disown
    return yield* claim
  })

/** Says that rows are begun anew. */
export const disowned = ({ name }: Projection.Any) =>
  Effect.logWarning(
    `the rows of "${name}" were built from another log, or from this one before it was put back from a copy:` +
      " they are built again"
  )

// internal

type Log = Context.Tag.Service<typeof EventStore>

/**
 * Whether the log has the event that rows have got to, which its time tells. After a failure in the middle of a page
 * their time may be that of the next event.
 */
const isOf = (log: Log, { position, time }: Generation) =>
  Effect.gen(function* () {
    if (position === 0) return true
    if (position > (yield* log.head)) return false
    const { events } = yield* log.readAll({ after: position - 1, limit: 2 })
    return events.some(({ recordedAt }) => recordedAt === time)
  })
