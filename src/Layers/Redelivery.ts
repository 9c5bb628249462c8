/** Tries once more what is set aside, in order, when an operator has asked for it. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Advance } from "../Domain/Commit.ts"
import type { Tagged } from "../Domain/Message.ts"
import type { Note } from "../Domain/Note.ts"
import * as Parked from "../Domain/Parked.ts"
import type { StoreError } from "../Services/StoreError.ts"
import type { Checkpoint, Home } from "./Checkpoint.ts"
import type { EventHandler } from "./EventHandler.ts"
import * as Failure from "./Failure.ts"
import * as ParkedEvents from "./ParkedEvents.ts"

/** Reads what operators have asked for; what it returns does it, once. */
export const open = <E extends Tagged>(
  home: Home,
  handler: EventHandler<E>,
  checkpoint: Checkpoint,
  parked: ParkedEvents.ParkedEvents
): Effect.Effect<Effect.Effect<undefined, Failure.Failure>, StoreError> =>
  Effect.map(checkpoint.notes(Parked.retryKind), (asked) => {
    const again = attempts(home, handler, checkpoint, parked)
    let requests = asked

    const retry = (request: Note) =>
      Effect.gen(function* () {
        for (const note of yield* checkpoint.notes(Parked.kind, request.key)) {
          if (note.order > request.order || !(yield* again(note))) break
        }
        yield* checkpoint.take(checkpoint.position(), { drop: [request] })
        requests = requests.filter((one) => one !== request)
      })

    return Effect.gen(function* () {
      for (const request of requests) yield* retry(request)
      return undefined
    })
  })

// internal

/** Tries one of them; says whether it is dealt with. */
const attempts = <E extends Tagged>(
  { log }: Home,
  { codec, handle, name, resend }: EventHandler<E>,
  checkpoint: Checkpoint,
  parked: ParkedEvents.ParkedEvents
) => {
  const repeat = ({ attempts, commands, position }: Parked.Parked, step: Advance) =>
    Effect.gen(function* () {
      if (commands !== undefined && resend !== undefined)
        return yield* Effect.as(resend(commands, step), true)
      const { events } = yield* log.readAll({ after: position - 1, limit: 1 })
      const stored = yield* Effect.fromNullable(events[0])
      return yield* handle(yield* codec.decode(stored), step, attempts + 1)
    })

  const stays = (one: Parked.Parked, cause: string) =>
    Effect.gen(function* () {
      const still = Parked.toNote({ ...one, cause, attempts: one.attempts + 1 })
      yield* checkpoint.take(checkpoint.position(), { keep: [still] })
      yield* Effect.logWarning(`subscriber "${name}" still cannot deal with ${one.event}: ${cause}`)
    })

  return (note: Note): Effect.Effect<boolean, Failure.Failure> =>
    Effect.gen(function* () {
      const one = yield* ParkedEvents.read(note)
      const here = checkpoint.position()
      const changes = { drop: [note] }
      const exit = yield* Effect.exit(repeat(one, checkpoint.step(here, changes)))
      if (Exit.isFailure(exit)) {
        yield* stays(one, Failure.oneLine(Cause.squash(yield* Failure.own(exit.cause))))
        return false
      }
      if (!exit.value) yield* checkpoint.take(here, changes)
      yield* parked.freed(one)
      return true
    })
}
