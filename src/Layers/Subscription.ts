/**
 * A running subscriber: waits for its lease, works while it has it, follows whoever else has it, and rests when an
 * operator wants it to. It ends in one way only: halted, and saying so.
 */
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as ExecutionStrategy from "effect/ExecutionStrategy"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import { EventStore } from "../Services/EventStore.ts"
import type { Lease } from "../Services/Leases.ts"
import * as Limits from "../Services/Limits.ts"
import { MessageBus } from "../Services/MessageBus.ts"
import { StoreError } from "../Services/StoreError.ts"
import type { DuplicateSubscriber } from "../Services/Subscriptions.ts"
import * as Subscriptions from "../Services/Subscriptions.ts"
import * as Failure from "./Failure.ts"
import type { Handler } from "./Handler.ts"
import * as Loop from "./Loop.ts"
import { Ownership } from "./Ownership.ts"
import * as Patience from "./Patience.ts"
import * as Sessions from "./Sessions.ts"

/** What a subscriber needs to run. */
export type Requirements = EventStore | MessageBus | Ownership | Subscriptions.Subscriptions

/**
 * Runs a subscriber until the scope closes. Returns when it is subscribed, will miss nothing, and has asked for
 * its checkpoint once, so that what it keeps (tables, indexes) is there unless the status says why not.
 */
export const run = (
  handler: Handler
): Effect.Effect<Subscriptions.Subscription, DuplicateSubscriber, Requirements | Scope.Scope> =>
  Effect.gen(function* () {
    const scope = yield* Scope.fork(yield* Effect.scope, ExecutionStrategy.sequential)
    // A handler may stop its own subscriber, which waits for the handler then.
    const stop = Effect.disconnect(Effect.uninterruptible(Scope.close(scope, Exit.void)))
    return yield* Scope.extend(runUntil(stop, handler), scope)
  })

/** The state of a subscriber as its lease tells it. */
export const encodeReport = Schema.encodeSync(Schema.parseJson(Subscriptions.State))

/** Reads the state of a subscriber from its lease. */
export const decodeReport = Schema.decodeUnknownEither(Schema.parseJson(Subscriptions.State))

// internal

const runUntil = (stop: Effect.Effect<void>, handler: Handler) =>
  Effect.gen(function* () {
    const log = yield* EventStore
    const bus = yield* MessageBus
    const ownership = yield* Ownership
    const { pageEvents } = yield* Limits.Current
    const subscriptions = yield* Subscriptions.Subscriptions
    const subscription = yield* subscriptions.register(handler.name, handler.kind, stop)
    const { pages } = yield* bus.subscribe
    const reading = { handler, log, pages, pageEvents }
    const started = yield* Deferred.make<void>()
    const begun = Effect.asVoid(Deferred.succeed(started, undefined))
    // Only the last word counts; whoever runs is stopped before another one begins.
    const duties = yield* Queue.sliding<Effect.Effect<void>>(1)

    const look = ownership.look(handler.name)
    const moved = Effect.catchAll(Patience.persisting(look), (error) => Effect.logWarning(error.message))
    const theirs = Effect.map(ownership.lease(handler.name), haltedElsewhere)
    const work = ({ epoch }: Lease, subscription: Subscriptions.Subscription) => {
      // Its last word is written down at once where others look for it.
      const halt = (cause: Cause.Cause<Failure.Failure>) =>
        Effect.zipRight(halted(handler, subscription, cause), moved)
      const isOurs = Effect.zipRight(
        Patience.persisting(look),
        Effect.map(ownership.lease(handler.name), (lease) => lease?.epoch === epoch)
      )
      return Sessions.run({ ...reading, subscription, epoch, begun, halt, moved, isOurs })
    }
    const duty = (lease: Lease, mine: boolean, subscription: Subscriptions.Subscription) =>
      mine && !lease.paused
        ? work(lease, subscription)
        : Effect.zipRight(
            begun,
            lease.paused ? rest(subscription) : follow(handler, subscription, log, theirs)
          )
    const nextTerm = terms(subscription)

    yield* ownership.join({
      name: handler.name,
      report: Effect.map(subscription.state, encodeReport),
      changed: (lease, mine) =>
        Effect.suspend(() => {
          const term = nextTerm()
          return Effect.zipRight(
            term.update(() => ({ status: "CatchingUp" })),
            Effect.asVoid(Queue.offer(duties, duty(lease, mine, term)))
          )
        })
    })
    yield* Effect.forkScoped(supervise(duties))
    yield* Effect.tapErrorCause(look, () => begun).pipe(
      Patience.persistently(subscription),
      Effect.catchAllCause((cause) => halted(handler, subscription, cause)),
      Effect.forkScoped
    )
    yield* Deferred.await(started)
    return subscription
  })

const supervise = (duties: Queue.Dequeue<Effect.Effect<void>>) =>
  Effect.gen(function* () {
    let running: Fiber.Fiber<void> | undefined
    while (true) {
      const duty = yield* Queue.take(duties)
      if (running !== undefined) yield* Fiber.interrupt(running)
      running = yield* Effect.fork(duty)
    }
  })

/**
 * The subscription as each of those sees it who run one after the other: what a former one says does not count, or it
 * would seem to be the answer to what was asked for since.
 */
const terms = (subscription: Subscriptions.Subscription) => {
  let current = 0
  return (): Subscriptions.Subscription => {
    const term = ++current
    return {
      ...subscription,
      // Within the update: between a look and an update another one could begin.
      update: (change) => subscription.update((state) => (term === current ? change(state) : {}))
    }
  }
}

const rest = (subscription: Subscriptions.Subscription) =>
  subscription.update(() => ({ status: "Paused", error: undefined }))

/** Why the subscriber has halted in the program that runs it, if it has. */
const haltedElsewhere = (lease: Lease | undefined): string | undefined => {
  const report = Option.getRight(decodeReport(lease?.report))
  return Option.getOrUndefined(
    Option.map(
      Option.filter(report, ({ status }) => status === "Halted"),
      ({ error = "" }) => `in another program ${error}`
    )
  )
}

/** Says where another program has got to, and whether it goes on there. */
const follow = (
  { position }: Handler,
  subscription: Subscriptions.Subscription,
  log: Loop.Options["log"],
  theirs: Effect.Effect<string | undefined>
) =>
  Effect.gen(function* () {
    const reached = yield* position
    const time = yield* Loop.timeAt(log, reached)
    const error = yield* theirs
    yield* subscription.update(() => ({ status: "Elsewhere", position: reached, time, error }))
  }).pipe(
    Patience.persisting,
    Effect.catchAll((error) => subscription.update(() => ({ status: "Elsewhere", error: error.message }))),
    Effect.repeat(Schedule.spaced("100 millis")),
    Effect.asVoid
  )

/**
 * The end of the loop, and the only one: a fiber that is interrupted from outside does not come here, so
 * whatever does (a handler that interrupts itself included) is a failure that somebody must hear of.
 */
const halted = (
  { name, remedy }: Handler,
  subscription: Subscriptions.Subscription,
  cause: Cause.Cause<Failure.Failure>
): Effect.Effect<void> =>
  Effect.gen(function* () {
    const error = Cause.squash(cause)
    const { position } = yield* subscription.state
    const failed = error instanceof Failure.HandlerFailed
    const foreign = error instanceof StoreError && error.reason === "ForeignCheckpoint"
    const details = failed
      ? `at position ${error.position}, ${error.event}: ${Failure.oneLine(error.cause)}`
      : foreign
        ? `because of ${error.message}`
        : `after position ${position}: ${Failure.oneLine(error)}`
    // Where its handler is not to blame, nobody should look for a mistake there.
    const cure = failed ? remedy : foreign ? "" : "Mend the cause and start again."
    yield* Effect.logError(`subscriber "${name}" has halted ${details}. ${cure}`.trim())
    yield* subscription.update(({ errors }) => ({
      status: "Halted",
      errors: errors + 1,
      error: details,
      // What is tried once more lies further back, and what came after it is done.
      position: failed ? Math.max(position, error.position - 1) : position
    }))
  })
