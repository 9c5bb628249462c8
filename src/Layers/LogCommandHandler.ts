/** Commands on the log: decided one after the other per stream, written together, again after a conflict. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Aggregate from "../Domain/Aggregate.ts"
import * as Circumstances from "../Domain/Circumstances.ts"
import * as Commit from "../Domain/Commit.ts"
import type { Metadata } from "../Domain/Event.ts"
import { CommandHandler } from "../Services/CommandHandler.ts"
import { EventStore } from "../Services/EventStore.ts"
import { Ids } from "../Services/Ids.ts"
import * as Limits from "../Services/Limits.ts"
import { Current } from "../Services/Metadata.ts"
import * as StoreError from "../Services/StoreError.ts"
import * as CommandMailbox from "./CommandMailbox.ts"
import * as Decision from "./Decision.ts"
import * as Retrying from "./Retrying.ts"
import type { Snapshotter } from "./Snapshotter.ts"
import * as State from "./State.ts"
import * as StateCache from "./StateCache.ts"
import { withSpan } from "./Tracing.ts"

export const make = Effect.gen(function* () {
  const store = yield* EventStore
  const sources = yield* State.sources
  const ids = yield* Ids
  const mailboxes = CommandMailbox.make<StateCache.Kept>(yield* Limits.Current)

  // Leaves its turn as soon as its place in the log's order is certain: the next command is decided on events
  // that are not written yet, but nobody is answered before they are. A refusal, or nothing to do, is appended
  // as a check, because only the log knows whether it is the newest answer, and not the second to this command.
  const attempt = <A extends Aggregate.Any, C extends Aggregate.Command<A>>(
    aggregate: A,
    command: C,
    { commandId, metadata, now, request }: Sent
  ) => {
    const stream = Aggregate.streamOf(aggregate, command)
    return mailboxes.turn(stream, (mailbox, leave) =>
      Effect.flatMap(StateCache.current(sources, mailbox, aggregate, stream), (kept) => {
        const { loaded, ticket: after } = kept
        const circumstances = Circumstances.ofCommand(commandId, now)
        const decided = Decision.decide(aggregate, command, loaded, circumstances)
        const { events, part } = Either.getOrElse(decided, () => Decision.nothing(aggregate, command, loaded))
        const ticket = { written: false }
        const commit = { id: commandId, request, metadata, parts: [part], ticket, ...(after && { after }) }
        const next = StateCache.foresee(mailbox, kept, events, commandId, ticket)
        const doubt = () => StateCache.doubt(mailbox, kept)
        const appended = unless(store.append(commit, leave), doubt)
        return Effect.flatMap(appended, ({ duplicate, events, position }) => {
          if (duplicate) doubt()
          else if (Either.isLeft(decided)) return Effect.fail(decided.left)
          const receipt = Either.map(Decision.recorded(aggregate, events), (recorded) => {
            const version = recorded.at(-1)?.version ?? loaded.version
            return { stream, version, position, events: recorded }
          })
          return duplicate
            ? receipt
            : Effect.zipRight(State.keep(sources, aggregate, stream, loaded.version, next), receipt)
        })
      })
    )
  }

  return CommandHandler.of({
    handle: (aggregate, command, options = {}) =>
      Effect.gen(function* () {
        const commandId = options.commandId ?? (yield* ids.next)
        const now = Math.floor(yield* Clock.currentTimeMillis)
        const request = yield* Decision.request(aggregate, command)
        const metadata = Decision.metadata(yield* Current, commandId)
        return yield* again(commandId, attempt(aggregate, command, { commandId, metadata, now, request }))
      }).pipe(withSpan("CommandHandler.handle", { aggregate: aggregate.name, command: command._tag })),
    preview: (aggregate, command) =>
      Effect.gen(function* () {
        const now = Math.floor(yield* Clock.currentTimeMillis)
        const circumstances = Circumstances.ofCommand(yield* ids.next, now)
        const loaded = yield* State.load(sources, aggregate, Aggregate.streamOf(aggregate, command))
        const { events } = yield* Decision.decide(aggregate, command, loaded, circumstances)
        return events
      })
  })
})

/** Decides again up to five times when other processes append to the same stream first. */
export const layer: Layer.Layer<CommandHandler, never, EventStore | Ids | Snapshotter> = Layer.effect(
  CommandHandler,
  make
)

// internal

/** What stays the same however often a command is decided. */
interface Sent {
  readonly commandId: string
  readonly metadata: Metadata
  readonly now: number
  readonly request: string
}

/** Appends, and does `otherwise` when it fails or is interrupted. */
const unless = <A, E>(append: Effect.Effect<A, E | Commit.CheckpointMoved>, otherwise: () => void) =>
  Effect.uninterruptibleMask((restore) =>
    Effect.matchCauseEffect(restore(append), {
      onFailure: (cause) => {
        otherwise()
        // A commit without `advance` moves no checkpoint.
        return Effect.catchTag(Effect.failCause(cause), "CheckpointMoved", Effect.die)
      },
      onSuccess: Effect.succeed
    })
  )

/** A command whose outcome is unknown is sent again: its id finds what became of it. */
const again = <A, E>(commandId: string, attempt: Effect.Effect<A, E>) => {
  let unknown = false
  return attempt.pipe(
    Retrying.retrying({
      ...conflicts,
      failed: (error) => Effect.sync(() => (unknown ||= StoreError.isUnknown(error)))
    }),
    // Trouble with the second time says nothing of the first.
    Effect.mapError((error) =>
      unknown && error instanceof StoreError.StoreError ? StoreError.unknown(commandId, error) : error
    )
  )
}

const conflicts: Retrying.Options = {
  schedule: Schedule.exponential("1 millis").pipe(Schedule.jittered, Schedule.intersect(Schedule.recurs(5))),
  while: (error) => error instanceof Commit.VersionConflict || StoreError.isUnknown(error)
}
