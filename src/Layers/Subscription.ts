/**
 * The loop of every subscriber: subscribe first, read the checkpoint, take pages from the log until its head,
 * then from the bus as long as they continue the checkpoint. It ends in one way only: halted, and saying so.
 */
import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import type { Page } from "../Domain/Event.ts"
import { EventStore } from "../Services/EventStore.ts"
import { MessageBus } from "../Services/MessageBus.ts"
import * as StoreError from "../Services/StoreError.ts"
import type { DuplicateSubscriber } from "../Services/Subscriptions.ts"
import * as Subscriptions from "../Services/Subscriptions.ts"
import type { Handler } from "./Handler.ts"
import { HandlerFailed, isTransient, persisting } from "./Handler.ts"

/**
 * Runs a subscriber until the scope closes. Returns when it is subscribed, will miss nothing, and has asked for
 * its checkpoint once, so that what it keeps (tables, indexes) is there unless the status says why not.
 */
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
    const { pages } = yield* bus.subscribe
    const started = yield* Deferred.make<void>()
    const start = Effect.ensuring(handler.checkpoint, Deferred.succeed(started, undefined))
    yield* loop({ ...handler, checkpoint: start }, subscription, store, pages).pipe(
      Effect.catchAllCause((cause) => halt(handler, subscription, cause)),
      Effect.forkScoped
    )
    yield* Deferred.await(started)
    return subscription
  })

// internal

type Log = Context.Tag.Service<typeof EventStore>

const loop = (
  handler: Handler,
  subscription: Subscriptions.Subscription,
  log: Log,
  pages: Queue.Dequeue<Page>
): Effect.Effect<never, HandlerFailed | StoreError.StoreError> =>
  Effect.gen(function* () {
    const persistent = retrying(subscription)
    const types = new Set(handler.types)
    let position = yield* persistent(handler.checkpoint)
    yield* subscription.update({ position })
    const head = yield* persistent(log.head)
    if (position > head) {
      return yield* StoreError.make(
        "ForeignCheckpoint",
        `the checkpoint is at ${position}, the log ends at ${head}`
      )
    }

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
        // Another runner was here, and has not got as far: the rest of this page comes from the log.
        if (page.to > position) break
        page = yield* next
      }
      yield* subscription.update({ status: "CatchingUp" })
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
  <A, E>(
    effect: Effect.Effect<A, E | StoreError.StoreError>
  ): Effect.Effect<A, E | StoreError.StoreError> => {
    const recovered = Effect.flatMap(subscription.state, ({ status }) =>
      status === "Retrying" ? subscription.update({ status: "CatchingUp", error: undefined }) : Effect.void
    )
    return effect.pipe(
      Effect.tapError((error) =>
        isTransient(error) ? subscription.update({ status: "Retrying", error: error.message }) : Effect.void
      ),
      persisting,
      Effect.zipLeft(recovered)
    )
  }

/**
 * The end of the loop, and the only one: a fiber that is interrupted from outside does not come here, so
 * whatever does (a handler that interrupts itself included) is a failure that somebody must hear of.
 */
const halt = (
  { name, remedy }: Handler,
  subscription: Subscriptions.Subscription,
  cause: Cause.Cause<HandlerFailed | StoreError.StoreError>
): Effect.Effect<void> =>
  Effect.gen(function* () {
    const error = Cause.squash(cause)
    const { position } = yield* subscription.state
    const failed = error instanceof HandlerFailed
    const details = failed
      ? `at position ${error.position}, ${error.event}: ${oneLine(error.cause)}`
      : `after position ${position}: ${oneLine(error)}`
    yield* Effect.logError(`subscriber "${name}" has halted ${details}. ${remedy}`)
    yield* subscription.update({
      status: "Halted",
      error: details,
      position: failed ? error.position - 1 : position
    })
  })

const oneLine = (error: unknown): string => String(error).replace(/\s+/g, " ")
