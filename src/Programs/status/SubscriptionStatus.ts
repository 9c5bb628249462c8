/** What the subscribers of a program are doing, seen from outside: by their leases, the log, and what is set aside. */
import { EventStore, Leases, Notes, type StoreError, Subscription, Subscriptions } from "everfold"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"

/** A subscriber as it is seen from outside. */
export interface Line {
  readonly name: string
  /** Unknown when nobody has reported yet. */
  readonly kind: Subscriptions.Kind | undefined
  /** `NotRunning` when nobody has the lease: what was reported last is not to be believed then. */
  readonly status: Subscriptions.Status | "NotRunning" | "Unknown"
  readonly position: number
  /** How many events it is behind the end of the log. */
  readonly lag: number
  /** How old the first event is that it has not dealt with, in seconds. */
  readonly behind: number
  /** Positions a second, while it was last behind. */
  readonly rate: number
  /** In seconds; unknown when it has no rate, or does not run. */
  readonly eta: number | undefined
  readonly errors: number
  readonly parked: number
  /** The program that runs it. */
  readonly owner: string | undefined
  readonly error: string | undefined
}

/** Where the rows of projections are, for whoever can tell. */
export type Rows = Effect.Effect<ReadonlyMap<string, number>, StoreError.StoreError>

/**
 * Every subscriber that ever ran, in the order of names. What is reported is as old as the last sign of life; positions
 * are those in the store wherever it has them.
 */
export const read = (
  rows: Rows = Effect.succeed(new Map())
): Effect.Effect<
  ReadonlyArray<Line>,
  StoreError.StoreError,
  EventStore.EventStore | Leases.Leases | Notes.Notes
> =>
  Effect.gen(function* () {
    const log = yield* EventStore.EventStore
    const leases = yield* Effect.flatMap(Leases.Leases, ({ all }) => all)
    const parked = yield* Effect.flatMap(Notes.Notes, ({ counts }) => counts("parked"))
    // Before the positions: nobody looks behind who is not.
    const position = yield* log.head
    const stored = yield* rows
    const head = { position, now: yield* Clock.currentTimeMillis }
    return yield* Effect.forEach(leases, (lease) =>
      Effect.gen(function* () {
        const report = Either.getOrUndefined(Subscription.decodeReport(lease.report))
        const at = yield* positionOf(log, lease.subscriber, report, stored)
        const [next] = (yield* log.readAll({ after: at, limit: 1 })).events
        return line(lease, { ...unknown, ...report, position: at }, head, {
          known: report !== undefined,
          // The log knows exactly; the report knows only the event before.
          behind: next === undefined ? 0 : Math.max(0, head.now - next.recordedAt) / 1000,
          parked: parked.get(lease.subscriber) ?? 0
        })
      })
    )
  })

/** Whether something has stopped and waits for somebody. */
export const hasHalted = (lines: ReadonlyArray<Line>): boolean =>
  lines.some(({ status }) => status === "Halted")

// internal

const unknown: Subscriptions.State = {
  name: "",
  kind: "Subscriber",
  status: "CatchingUp",
  position: 0,
  time: 0,
  rate: 0,
  errors: 0,
  parked: 0
}

/** Of projections the rows tell, of all others the checkpoint. */
const positionOf = (
  log: Effect.Effect.Success<typeof EventStore.EventStore>,
  name: string,
  report: Subscriptions.State | undefined,
  stored: ReadonlyMap<string, number>
) =>
  report?.kind === "Projection" ? Effect.succeed(stored.get(name) ?? report.position) : log.checkpoint(name)

const line = (
  lease: Leases.Lease,
  state: Subscriptions.State,
  head: Subscriptions.Head,
  { behind, known, parked }: { readonly known: boolean; readonly behind: number; readonly parked: number }
): Line => {
  const runs = lease.owner !== "" && lease.until > head.now
  const { eta, lag } = Subscriptions.progress(state, head)
  return {
    name: lease.subscriber,
    kind: known ? state.kind : undefined,
    status: !runs ? "NotRunning" : known ? statusOf(lease, state) : "Unknown",
    position: state.position,
    lag,
    behind: lag === 0 ? 0 : behind,
    rate: state.rate,
    eta: runs ? eta : undefined,
    errors: state.errors,
    parked,
    owner: runs ? lease.owner : undefined,
    error: state.building?.error ?? state.error
  }
}

/** What is written down holds at once; whoever has just taken over still reports that somebody else has the lease. */
const statusOf = ({ paused }: Leases.Lease, { status }: Subscriptions.State): Subscriptions.Status =>
  paused ? "Paused" : status === "Elsewhere" ? "CatchingUp" : status
