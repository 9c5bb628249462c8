/** Commands on the log: decided one after the other per stream, written together, again after a conflict. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
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
    { commandId, metadata, now, request, stream }: Sent
  ) =>
    Effect.uninterruptibleMask((restore) =>
      mailboxes.enter(restore, stream, (mailbox, leave) => {
        const answer = (kept: StateCache.Kept<A>) => {
          const { loaded, ticket: after } = kept
          const circumstances = Circumstances.ofCommand(commandId, now)
          const decided = Decision.decide(aggregate, command, stream, loaded, circumstances)
          const { events, part } = Either.getOrElse(decided, () => Decision.nothing(stream, loaded))
          const ticket = { written: false }
          const commit = { id: commandId, request, metadata, parts: [part], ticket, after }
          const next = StateCache.foresee(mailbox, kept, events, commandId, ticket)
          return Effect.matchCauseEffect(restore(store.append(commit, leave)), {
            onFailure: (cause) => {
              StateCache.doubt(mailbox, kept)
              // A commit without `advance` moves no checkpoint.
              return Effect.catchTag(Effect.failCause(cause), "CheckpointMoved", Effect.die)
            },
            onSuccess: (committed) => {
              if (committed.duplicate) StateCache.doubt(mailbox, kept)
              else if (Either.isLeft(decided)) return Effect.fail(decided.left)
              const receipt = Decision.receipt(aggregate, stream, loaded.version, committed)
              return committed.duplicate
                ? receipt
                : Effect.zipRight(State.keep(sources, aggregate, stream, loaded.version, next), receipt)
            }
          })
        }
        const certain = StateCache.certain(mailbox, aggregate)
        return certain === undefined
          ? Effect.flatMap(restore(StateCache.load(sources, mailbox, aggregate, stream)), answer)
          : answer(certain)
      })
    )

  const send = <A extends Aggregate.Any, C extends Aggregate.Command<A>>(
    aggregate: A,
    command: C,
    commandId: string
  ) =>
    surrounded((now, current) => {
      const stream = Aggregate.streamOf(aggregate, command)
      const request = Decision.request(aggregate, command, stream)
      if (Either.isLeft(request)) return Effect.fail(request.left)
      const metadata = Decision.metadata(current, commandId)
      const sent = { commandId, metadata, now, request: request.right, stream }
      return again(commandId, attempt(aggregate, command, sent))
    })

  return CommandHandler.of({
    handle: (aggregate, command, { commandId } = {}) =>
      (commandId === undefined
        ? Effect.flatMap(ids.next, (id) => send(aggregate, command, id))
        : send(aggregate, command, commandId)
      ).pipe(withSpan("CommandHandler.handle", { aggregate: aggregate.name, command: command._tag })),
    preview: (aggregate, command) =>
      Effect.gen(function* () {
        const now = Math.floor(yield* Clock.currentTimeMillis)
        const circumstances = Circumstances.ofCommand(yield* ids.next, now)
        const stream = Aggregate.streamOf(aggregate, command)
        const loaded = yield* State.load(sources, aggregate, stream)
        const { events } = yield* Decision.decide(aggregate, command, stream, loaded, circumstances)
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
  readonly stream: string
}

/** Looks once at what surrounds a command: the time, and what is said of those that are sent from there. */
const surrounded = <A, E>(send: (now: number, current: Metadata) => Effect.Effect<A, E>) =>
  Effect.withFiberRuntime<A, E>(({ currentContext, currentDefaultServices }) => {
    const now = Context.get(currentDefaultServices, Clock.Clock).unsafeCurrentTimeMillis()
    return send(Math.floor(now), Context.get(currentContext, Current))
  })

/** A command whose outcome is unknown is sent again: its id finds what became of it. */
const again = <A, E>(commandId: string, attempt: Effect.Effect<A, E>) =>
  Effect.catchIf(attempt, conflicts.while, (failure) => {
    let unknown = false
    const failed = (error: unknown) => Effect.sync(() => (unknown ||= StoreError.isUnknown(error)))
    // Trouble with the second time says nothing of the first.
    return Effect.mapError(Retrying.again({ ...conflicts, failed }, attempt, failure), (error) =>
      unknown && error instanceof StoreError.StoreError ? StoreError.unknown(commandId, error) : error
    )
  })

const conflicts: Retrying.Options = {
  schedule: Schedule.exponential("1 millis").pipe(Schedule.jittered, Schedule.intersect(Schedule.recurs(5))),
  while: (error) => error instanceof Commit.VersionConflict || StoreError.isUnknown(error)
}
