/**
 * The loop of every subscriber: subscribe first, read the checkpoint, take pages from the log until its head,
 * then from the bus as long as they continue the checkpoint. It ends in one way only: halted, and saying so.
 */
import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { Advance } from "../Domain/Commit.ts"
import type { Page, Stored } from "../Domain/Event.ts"
import { CheckpointMoved, EventStore } from "../Services/EventStore.ts"
import { MessageBus } from "../Services/MessageBus.ts"
import { StoreError } from "../Services/StoreError.ts"
import type { DuplicateSubscriber } from "../Services/Subscriptions.ts"
import * as Subscriptions from "../Services/Subscriptions.ts"

/** A handler failed at an event. What came before it has been dealt with. */
export class HandlerFailed extends Schema.TaggedError<HandlerFailed>()("HandlerFailed", {
  position: Schema.Int,
  event: Schema.String,
  cause: Schema.Defect
}) {
  override get message() {
    return `${this.event} at position ${this.position}: ${String(this.cause)}`
  }
}

/** The failure of a handler at a stored event. */
export const failed = ({ position, stream, type, version }: Stored, cause: unknown): HandlerFailed =>
  new HandlerFailed({ position, event: `${type} (${stream} version ${version})`, cause })

/** What a subscriber does with the log. */
export interface Handler {
  /** Permanent: the checkpoint is found by it. */
  readonly name: string
  /** Only events of these types arrive. */
  readonly types: ReadonlyArray<string>
  /** The checkpoint as it is stored. */
  readonly checkpoint: Effect.Effect<number, StoreError>
  /** Deals with a page and stores that it has, up to `page.to`. */
  readonly handle: (page: Page) => Effect.Effect<void, HandlerFailed | CheckpointMoved | StoreError>
  /** What somebody can do when it has halted. */
  readonly remedy: string
}

/** Runs a subscriber until the scope closes. Returns when it is subscribed and will miss nothing. */
export const run = <Name extends string>(
  handler: Handler & { readonly name: Name }
): Effect.Effect<
  Subscriptions.Subscription,
  DuplicateSubscriber,
  EventStore | MessageBus | Subscriptions.Subscriptions | Scope.Scope
> =>
  Effect.gen(function* () {
    const store = yield* EventStore
    const bus = yield* MessageBus
    const subscriptions = yield* Subscriptions.Subscriptions
    const subscription = yield* subscriptions.register(handler.name)
    const pages = yield* bus.pages
    yield* loop(handler, subscription, store, pages).pipe(
      Effect.catchAllCause((cause) => halt(handler, subscription, cause)),
      Effect.forkScoped
    )
    return subscription
  })

/**
 * Deals with a page one event at a time. `onEvent` says whether it has moved the checkpoint as `advance` asks;
 * where it had no reason to, the checkpoint moves at the end of the page.
 */
export const eachEvent =
  (
    subscriber: string,
    log: Context.Tag.Service<typeof EventStore>,
    onEvent: (stored: Stored, advance: Advance) => Effect.Effect<boolean, unknown>
  ): Handler["handle"] =>
  (page) =>
    Effect.gen(function* () {
      let from = page.after
      for (const stored of page.events) {
        const to = stored.position
        const moved = yield* onEvent(stored, { subscriber, from, to }).pipe(
          Effect.catchAllCause((cause) => failAt(stored, cause))
        )
        if (moved) from = to
      }
      if (from < page.to) yield* advance(log, { subscriber, from, to: page.to })
    })

/**
 * Handles a page at once, and event by event when that fails: what comes before the failing event is done then,
 * and the failure names that event.
 */
export const narrowing =
  (handle: Handler["handle"]): Handler["handle"] =>
  (page) =>
    Effect.catchTag(handle(page), "HandlerFailed", (failure) =>
      page.events.length > 1 ? Effect.forEach(singles(page), handle, { discard: true }) : Effect.fail(failure)
    )

/** Moves a checkpoint in the log's database, and writes nothing else. */
export const advance = (
  log: Context.Tag.Service<typeof EventStore>,
  move: Advance
): Effect.Effect<void, CheckpointMoved | StoreError> =>
  log.append({ metadata: {}, parts: [], advance: move }).pipe(
    // No parts, no conflict.
    Effect.catchTag("VersionConflict", Effect.die),
    Effect.asVoid
  )

/** What the failure of a handler means: to be tried again, moved by another runner, or failed at this event. */
export const failAt = (
  stored: Stored,
  cause: Cause.Cause<unknown>
): Effect.Effect<never, HandlerFailed | CheckpointMoved | StoreError> => {
  if (Cause.isInterruptedOnly(cause)) return Effect.interrupt
  const error = Cause.squash(cause)
  return Effect.fail(error instanceof CheckpointMoved || isTransient(error) ? error : failed(stored, error))
}

// internal

type Log = Context.Tag.Service<typeof EventStore>

const loop = (
  handler: Handler,
  subscription: Subscriptions.Subscription,
  log: Log,
  pages: Queue.Dequeue<Page>
): Effect.Effect<never, HandlerFailed | StoreError> =>
  Effect.gen(function* () {
    const persistent = retrying(subscription)
    const types = new Set(handler.types)
    let position = yield* persistent(handler.checkpoint)
    yield* subscription.update({ position })

    const deal = (page: Page) =>
      persistent(handler.handle(page)).pipe(
        Effect.as(page.to),
        // Another runner of the same subscriber was faster: go on from where it has got.
        Effect.catchTag("CheckpointMoved", () => persistent(handler.checkpoint)),
        Effect.tap((reached) => {
          position = reached
          return subscription.update({ position })
        })
      )
    const catchUp = Effect.gen(function* () {
      while (true) {
        const page = yield* persistent(log.readAll({ after: position, types: handler.types }))
        if (page.to === position) return
        yield* deal(page)
      }
    })

    const next = Effect.zipRight(subscription.update({ status: "Live" }), Queue.take(pages))

    while (true) {
      yield* catchUp
      let page = yield* next
      while (page.after <= position) {
        if (page.to > position) yield* deal(unseen(page, position, types))
        page = yield* next
      }
      yield* subscription.update({ status: "CatchingUp" })
    }
  })

/** A page as pages of one event each. */
const singles = ({ after, events, time, to }: Page): ReadonlyArray<Page> =>
  events.map((stored, index) => {
    const last = index === events.length - 1
    return {
      after: events[index - 1]?.position ?? after,
      to: last ? to : stored.position,
      time: last ? time : stored.recordedAt,
      events: [stored]
    }
  })

/** What of a page is new and wanted. */
const unseen = ({ events, time, to }: Page, position: number, types: ReadonlySet<string>): Page => ({
  after: position,
  to,
  time,
  events: events.filter((stored) => stored.position > position && types.has(stored.type))
})

/** Tries again, for as long as it takes, what can succeed without anybody's help; the status says so. */
const retrying =
  (subscription: Subscriptions.Subscription) =>
  <A, E>(effect: Effect.Effect<A, E | StoreError>): Effect.Effect<A, E | StoreError> => {
    const recovered = Effect.flatMap(subscription.state, ({ status }) =>
      status === "Retrying" ? subscription.update({ status: "CatchingUp", error: undefined }) : Effect.void
    )
    return effect.pipe(
      Effect.tapError((error) =>
        isTransient(error) ? subscription.update({ status: "Retrying", error: error.message }) : Effect.void
      ),
      Effect.retry({ schedule: backOff, while: isTransient }),
      Effect.zipLeft(recovered)
    )
  }

const isTransient = (error: unknown): error is StoreError => error instanceof StoreError && error.transient

const backOff = Schedule.exponential("50 millis").pipe(
  Schedule.jittered,
  Schedule.union(Schedule.spaced("5 seconds"))
)

const halt = (
  { name, remedy }: Handler,
  subscription: Subscriptions.Subscription,
  cause: Cause.Cause<HandlerFailed | StoreError>
): Effect.Effect<void> =>
  Cause.isInterruptedOnly(cause)
    ? Effect.interrupt
    : Effect.gen(function* () {
        const error = Cause.squash(cause)
        const { position } = yield* subscription.state
        const failed = error instanceof HandlerFailed
        const details = failed
          ? `${error.event} at position ${error.position}: ${oneLine(error.cause)}`
          : `after position ${position}: ${oneLine(error)}`
        yield* Effect.logError(`subscriber "${name}" has halted on ${details}. ${remedy}`)
        yield* subscription.update({
          status: "Halted",
          error: details,
          position: failed ? error.position - 1 : position
        })
      })

const oneLine = (error: unknown): string => String(error).replace(/\s+/g, " ")
