/**
 * The loop of every session: takes pages from the log until its head, then from the bus as long as they continue what
 * was taken before.
 */
import * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type { Page } from "../Domain/Event.ts"
import * as Interest from "../Domain/Interest.ts"
import * as Pages from "../Domain/Pages.ts"
import type { EventStore } from "../Services/EventStore.ts"
import type { State, Subscription } from "../Services/Subscriptions.ts"
import type { Failure } from "./Failure.ts"
import type { Handler, Session } from "./Handler.ts"
import * as Patience from "./Patience.ts"

/** What the loop works with. */
export interface Options {
  readonly handler: Handler
  readonly subscription: Subscription
  readonly log: Context.Tag.Service<typeof EventStore>
  readonly pages: Queue.Dequeue<Page>
  /** How many events of the log it deals with at once. */
  readonly pageEvents: number
}

/** Deals with what the log has after the position of a session, and with what comes, until something fails. */
export const run = (options: Options, session: Session): Effect.Effect<never, Failure> =>
  Effect.gen(function* () {
    const { handler, log, subscription } = options
    const { generation, position } = session
    const progress: Progress = { position, due: undefined }
    const { deal, doChores } = working(options, session, progress)
    const catchUp = catchingUp(options, progress, deal)
    const taken = taking(options, progress)
    const isWanted = Interest.includes(handler.interest)

    // What is due by time is not due before the log is read up to that time.
    yield* doChores(0)
    const time = yield* Patience.persistently(subscription)(timeAt(log, position))
    yield* subscription.update(() => ({ position, time, ...(generation && { generation }) }))
    while (true) {
      yield* doChores(yield* catchUp)
      yield* subscription.update(() => live)
      let page = yield* taken
      while (page.after <= progress.position) {
        if (page.to > progress.position) yield* deal(Pages.after(page, progress.position, isWanted), live)
        page = yield* taken
      }
      yield* subscription.update(({ status }) => ({ status: status === "Live" ? "CatchingUp" : status }))
    }
  })

/** When the event at a position was recorded; 0 before the first. */
export const timeAt = (log: Options["log"], position: number) =>
  position === 0
    ? Effect.succeed(0)
    : Effect.map(log.readAll({ after: position - 1, limit: 1 }), ({ time }) => time)

// internal

/** Where a loop has got to. */
interface Progress {
  position: number
  /** When the chores are to be done again, if ever. */
  due: number | undefined
}

/** What is done with a page, and with time that has passed. */
const working = ({ subscription }: Options, { chores, handle }: Session, progress: Progress) => {
  const persistent = Patience.persistently(subscription)

  const doChores = (time: number) =>
    chores === undefined
      ? Effect.void
      : Effect.map(persistent(chores(time)), (next) => {
          progress.due = next
        })

  // What an event has led to is done before anybody hears that the event is.
  const deal = (page: Page, status: Partial<State>) => {
    const { time, to: position } = page
    return persistent(handle(page)).pipe(
      Effect.tapErrorTag("HandlerFailed", (failed) =>
        subscription.update(() => lastOf(page, failed.position - 1))
      ),
      Effect.flatMap(() => {
        progress.position = position
        return doChores(time)
      }),
      Effect.flatMap(() =>
        subscription.update(() => ({ position, time, ...lastOf(page, position), ...status }))
      )
    )
  }

  return { deal, doChores }
}

/** Deals with the log up to its head; returns a time up to which it has nothing more. */
const catchingUp = (
  { handler, log, pageEvents, subscription }: Options,
  progress: Progress,
  deal: ReturnType<typeof working>["deal"]
) => {
  const persistent = Patience.persistently(subscription)
  return Effect.gen(function* () {
    const from = progress.position
    const since = yield* Clock.currentTimeMillis
    while (true) {
      const now = yield* Clock.currentTimeMillis
      const page = yield* persistent(
        log.readAll({ after: progress.position, limit: pageEvents, ...handler.interest })
      )
      if (page.to === progress.position) return now
      yield* deal(page, {})
      const elapsed = (yield* Clock.currentTimeMillis) - since
      if (elapsed > 0)
        yield* subscription.update(() => ({ rate: ((progress.position - from) * 1000) / elapsed }))
    }
  })
}

/** The next page of the bus; none when something is due before it comes. */
const taking = ({ pages }: Options, progress: Progress) => {
  const takenBefore = (due: number) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) =>
      Effect.timeoutTo(Queue.take(pages), {
        duration: Math.min(longest, Math.max(0, due - now)),
        onSuccess: (page) => page,
        onTimeout: () => nothing
      })
    )
  return Effect.suspend(() => (progress.due === undefined ? Queue.take(pages) : takenBefore(progress.due)))
}

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
