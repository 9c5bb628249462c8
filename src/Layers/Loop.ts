/**
 * The loop of every subscriber: read the checkpoint, take pages from the log until its head, then from the bus as long
 * as they continue the checkpoint. Whenever somebody else has moved the checkpoint it begins another session.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import { CheckpointMoved } from "../Domain/Commit.ts"
import type { Page } from "../Domain/Event.ts"
import * as Interest from "../Domain/Interest.ts"
import type { EventStore } from "../Services/EventStore.ts"
import * as StoreError from "../Services/StoreError.ts"
import type { State, Subscription } from "../Services/Subscriptions.ts"
import type { Failure, Handler, Session } from "./Handler.ts"
import { isTransient, oneLine, patience, persisting } from "./Handler.ts"
import { retrying } from "./Retrying.ts"

/** What the loop works with. */
export interface Options {
  readonly handler: Handler
  readonly subscription: Subscription
  readonly log: Context.Tag.Service<typeof EventStore>
  readonly pages: Queue.Dequeue<Page>
  /** How many events of the log it deals with at once. */
  readonly pageEvents: number
  /** Of the lease under which it works. */
  readonly epoch: number
  /** Told as soon as the checkpoint was asked for, whatever the answer. */
  readonly begun: Effect.Effect<void>
  /** Asks who has the lease: somebody else has moved the checkpoint. */
  readonly moved: Effect.Effect<void>
  /** Asks whether the lease is still ours, under the same epoch: then nobody has been given a later one. */
  readonly isOurs: Effect.Effect<boolean, StoreError.StoreError>
  /** Tells everybody that it has ended. */
  readonly halt: (cause: Cause.Cause<Failure>) => Effect.Effect<void>
}

/** Works, session after session, until it halts. */
export const run = (options: Options): Effect.Effect<void> =>
  Effect.repeat(session(options), { while: (again) => again }).pipe(Effect.asVoid)

/** Tries again, for as long as it takes, what can succeed without anybody's help; the status says so. */
export const persistently = (
  subscription: Subscription,
  passes: (error: unknown) => error is Error = isTransient
) =>
  retrying({
    ...patience,
    while: passes,
    failed: (error) =>
      passes(error)
        ? subscription.update(({ errors }) => ({
            status: "Retrying",
            errors: errors + 1,
            error: error.message
          }))
        : Effect.void,
    recovered: recovered(subscription)
  })

/** It has succeeded: the error is none any more. */
export const recovered = (subscription: Subscription): Effect.Effect<void> =>
  subscription.update(({ status }) =>
    status === "Retrying" ? { status: "CatchingUp", error: undefined } : {}
  )

/** When the event at a position was recorded; 0 before the first. */
export const timeAt = (log: Options["log"], position: number) =>
  position === 0
    ? Effect.succeed(0)
    : Effect.map(log.readAll({ after: position - 1, limit: 1 }), ({ time }) => time)

// internal

/** One session; says whether there is to be another one. */
const session = (options: Options): Effect.Effect<boolean> => {
  const { halt, moved, subscription } = options
  const again = (cause: Cause.Cause<Failure>) =>
    hasMoved(cause) ? Effect.as(moved, true) : Effect.as(halt(cause), false)
  return Effect.gen(function* () {
    yield* subscription.update(() => ({ status: "CatchingUp", error: undefined, building: undefined }))
    const opened = yield* open(options)
    const loop = Effect.catchAllCause(serve(options, opened), again)
    return yield* opened.beside === undefined ? loop : besides(loop, opened.beside, options)
  }).pipe(Effect.catchAllCause(again))
}

/**
 * Asks for the checkpoint. Claimed under a later epoch although the lease is ours, it has one that this log has not
 * given: the log was put back from a copy, and has forgotten the later ones. A former owner may still have moved it.
 */
const open = ({ begun, epoch, handler, isOurs, subscription }: Options): Effect.Effect<Session, Failure> => {
  const asked = Effect.ensuring(handler.open(epoch, subscription), begun)
  const anew = Effect.zipRight(handler.disown ?? Effect.void, asked)
  const orElse = (first: typeof asked, then: typeof asked) =>
    Effect.catchTag(persistently(subscription)(first), "CheckpointMoved", (moved) =>
      moved.epoch > epoch
        ? Effect.flatMap(isOurs, (ours) => (ours ? then : Effect.fail(moved)))
        : Effect.fail(moved)
    )
  const unknown = foreign("was claimed under a later epoch than this log has given")
  return orElse(asked, orElse(anew, unknown))
}

const hasMoved = (cause: Cause.Cause<Failure>): boolean =>
  Option.exists(Cause.failureOption(cause), (error) => error instanceof CheckpointMoved)

/** What is done beside the loop goes on when the loop has halted: it may be the cure. */
const besides = (loop: Effect.Effect<boolean>, beside: Effect.Effect<void, Failure>, options: Options) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { handler, moved, subscription } = options
      // What the status says is about the loop.
      const build = persisting(beside).pipe(
        Effect.as(true),
        Effect.catchAllCause((cause) => {
          if (hasMoved(cause)) return Effect.as(moved, true)
          const error = oneLine(Cause.squash(cause))
          return Effect.logError(`"${handler.name}" could not be rebuilt: ${error}`).pipe(
            Effect.zipRight(
              subscription.update(({ building, errors }) => ({
                errors: errors + 1,
                ...(building && { building: { ...building, error } })
              }))
            ),
            Effect.as(false)
          )
        })
      )
      const built = yield* Effect.forkScoped(build)
      const finished = Effect.flatMap(Fiber.join(built), (done) =>
        done ? Effect.succeed(true) : Effect.never
      )
      const ended = Effect.flatMap(loop, (again) => (again ? Effect.succeed(true) : Fiber.join(built)))
      return yield* Effect.raceFirst(ended, finished)
    })
  )

const serve = (
  { handler, log, pageEvents, pages, subscription }: Options,
  { chores, generation, handle, ...session }: Session
): Effect.Effect<never, Failure> =>
  Effect.gen(function* () {
    const persistent = persistently(subscription)
    const isWanted = Interest.includes(handler.interest)
    let { position } = session
    let due: number | undefined

    const doChores = (time: number) =>
      chores === undefined
        ? Effect.void
        : Effect.map(persistent(chores(time)), (next) => {
            due = next
          })
    // What an event has led to is done before anybody hears that the event is.
    const deal = (page: Page, status: Partial<State>) =>
      persistent(handle(page)).pipe(
        Effect.tapErrorTag("HandlerFailed", (failed) =>
          subscription.update(() => lastOf(page, failed.position - 1))
        ),
        Effect.flatMap(() => {
          position = page.to
          return doChores(page.time)
        }),
        Effect.flatMap(() =>
          subscription.update(() => ({ position, time: page.time, ...lastOf(page, position), ...status }))
        )
      )
    const catchUp = Effect.gen(function* () {
      const from = position
      const since = yield* Clock.currentTimeMillis
      while (true) {
        const now = yield* Clock.currentTimeMillis
        const page = yield* persistent(
          log.readAll({ after: position, limit: pageEvents, ...handler.interest })
        )
        if (page.to === position) return now
        yield* deal(page, {})
        const elapsed = (yield* Clock.currentTimeMillis) - since
        if (elapsed > 0) yield* subscription.update(() => ({ rate: ((position - from) * 1000) / elapsed }))
      }
    })
    const taken = Effect.suspend(() => (due === undefined ? Queue.take(pages) : takenBefore(due)))
    const takenBefore = (due: number) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) =>
        Effect.timeoutTo(Queue.take(pages), {
          duration: Math.min(longest, Math.max(0, due - now)),
          onSuccess: (page) => page,
          onTimeout: () => nothing
        })
      )
    const head = yield* persistent(log.head)
    if (position > head) return yield* foreign(`is at ${position}, the log ends at ${head}`, moveIt)
    // What is due by time is not due before the log is read up to that time.
    yield* doChores(0)
    const time = yield* persistent(timeAt(log, position))
    yield* subscription.update(() => ({ position, time, ...(generation && { generation }) }))
    while (true) {
      yield* doChores(yield* catchUp)
      yield* subscription.update(() => live)
      let page = yield* taken
      while (page.after <= position) {
        if (page.to > position) yield* deal(unseen(page, position, isWanted), live)
        page = yield* taken
      }
      yield* subscription.update(({ status }) => ({ status: status === "Live" ? "CatchingUp" : status }))
    }
  })

const foreign = (details: string, cure = "") =>
  StoreError.make(
    "ForeignCheckpoint",
    `the checkpoint ${details}: it belongs to another log. Bring that log back${cure}`
  )

const moveIt = ", or move the subscriber to where it is to go on"

const live = { status: "Live" } as const

/** A day, in milliseconds: JavaScript's timers do not know of more than 24 of them. */
const longest = 86_400_000

/** No page: whoever gets it looks at the log. */
const nothing: Page = { after: Infinity, to: Infinity, time: 0, events: [] }

/** The last event of a page up to a position. */
const lastOf = ({ events }: Page, position: number) => {
  const event = events.findLast((stored) => stored.position <= position)?.id
  return event === undefined ? {} : { event }
}

/** What of a page is new and wanted. */
const unseen = (
  { events, time, to }: Page,
  position: number,
  isWanted: ReturnType<typeof Interest.includes>
): Page => ({
  after: position,
  to,
  time,
  events: events.filter((stored) => stored.position > position && isWanted(stored))
})
