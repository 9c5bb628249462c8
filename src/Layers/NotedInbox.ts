/** An inbox that notes in the log's database what has been done. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { CheckpointMoved } from "../Domain/Commit.ts"
import * as EventStore from "../Services/EventStore.ts"
import { Inbox } from "../Services/Inbox.ts"
import * as Limits from "../Services/Limits.ts"
import type { Notes } from "../Services/Notes.ts"
import * as StoreError from "../Services/StoreError.ts"
import type { Changes } from "./Checkpoint.ts"
import * as Checkpoint from "./Checkpoint.ts"
import * as Patience from "./Patience.ts"
import * as Turns from "./Turns.ts"

/** How long an inbox remembers. */
export interface Options {
  /** What was done longer ago is forgotten now and then, and done again if it comes again; default: never. */
  readonly remember?: Duration.DurationInput
}

/** An inbox under a name; what was done under a key in one is not done in another. */
export const make = (name: string, { remember = Duration.infinity }: Options = {}) =>
  Effect.gen(function* () {
    const home = yield* Checkpoint.home
    const limits = yield* Limits.Current
    const turns = Turns.make(limits.waitingCommands)
    const notes = notesOf(home, name, Duration.toMillis(remember), limits)

    return Inbox.of({
      once: (key, effect) =>
        key.isWellFormed()
          ? turns.take(
              key,
              Effect.if(notes.has(key), {
                onTrue: () => Effect.succeedNone,
                onFalse: () => Effect.asSome(followedBy(effect, notes.write(key)))
              })
            )
          : Effect.fail(StoreError.make("Invalid", `${JSON.stringify(key.slice(0, 200))} is not Unicode`))
    })
  })

/** Notes what was done under the inbox's name. */
export const layer = (
  name: string,
  options: Options = {}
): Layer.Layer<Inbox, never, EventStore.EventStore | Notes> => Layer.effect(Inbox, make(name, options))

// internal

const kind = "done"

/** An interruption that comes when the effect has succeeded waits for the first attempt to write that down. */
const followedBy = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  write: Effect.Effect<void, StoreError.StoreError>
) =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(restore(effect), (done) =>
      Effect.as(
        Effect.catchIf(write, Patience.isTransient, () => restore(Patience.persisting(write))),
        done
      )
    )
  )

const notesOf = ({ log, notes }: Checkpoint.Home, name: string, remember: number, limits: Limits.Limits) => {
  const subscriber = `inbox/${name}`
  const most = Math.min(mostForgotten, limits.commitEvents)
  let written = 0
  const take = (changes: Changes): Effect.Effect<void, CheckpointMoved | StoreError.StoreError> =>
    EventStore.advance(log, { subscriber, from: 0, to: 0, ...changes })

  const forget = (now: number) =>
    Effect.flatMap(notes.find({ subscriber, kind, upTo: now - remember, limit: most }), (old) =>
      old.length === 0 ? Effect.void : take({ drop: old })
    ).pipe(
      Effect.catchAll((error) => {
        // Somebody else forgets the same, or the store is busy: there will be another time.
        const passes = error instanceof CheckpointMoved || Patience.isTransient(error)
        const line = `inbox "${name}" could not forget what is over: ${error.message}`
        return passes ? Effect.logDebug(line) : Effect.logWarning(line)
      })
    )

  const write = (key: string) =>
    Effect.gen(function* () {
      const now = Math.floor(yield* Clock.currentTimeMillis)
      // Its checkpoint stays where it is.
      yield* Effect.catchTag(
        take({ keep: [{ kind, key, order: now, value: "" }] }),
        "CheckpointMoved",
        Effect.die
      )
      // More go than come.
      if (++written % Math.ceil(most / 2) === 0 && now > remember) yield* forget(now)
    })

  const has = (key: string) =>
    Effect.map(notes.find({ subscriber, kind, key, limit: 1 }), (found) => found.length > 0)

  return { has, write }
}

/** So many old notes are taken away at once, where a step may have as many. */
const mostForgotten = 200
