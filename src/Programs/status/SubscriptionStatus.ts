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
  /** It has halted, or had when it was last run: somebody has to look at it. */
  readonly halted: boolean
  /** Unknown when the file is missing that tells. */
  readonly position: number | undefined
  /** How many events it is behind the end of the log. */
  readonly lag: number | undefined
  /** How old the first event is that it has not dealt with, in seconds. */
  readonly behind: number | undefined
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

/** Where the rows of projections are, for whoever can tell; nothing when there are none at all. */
export type Rows = Effect.Effect<ReadonlyMap<string, number> | undefined, StoreError.StoreError>

/**
 * Every subscriber that ever ran and was not forgotten, in the order of names. What is reported is as old as the last
 * sign of life; positions are those in the store wherever it has them.
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
        const parts = { now: head.now, parked: parked.get(lease.subscriber) ?? 0 }
        return line(lease, report, { ...parts, ...(yield* progress(log, report, at, head)) })
      })
    )
  })

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

type Log = Effect.Effect.Success<typeof EventStore.EventStore>

/** Of projections the rows tell, of all others the checkpoint. */
const positionOf = (
  log: Log,
  name: string,
  report: Subscriptions.State | undefined,
  stored: ReadonlyMap<string, number> | undefined
) =>
  report?.kind === "Projection"
    ? Effect.succeed(stored && (stored.get(name) ?? report.position))
    : log.checkpoint(name)

const progress = (
  log: Log,
  report: Subscriptions.State | undefined,
  position: number | undefined,
  head: Subscriptions.Head
) =>
  Effect.gen(function* () {
    if (position === undefined) return { position, lag: undefined, behind: undefined, eta: undefined }
    const { eta, lag } = Subscriptions.progress({ ...unknown, ...report, position }, head)
    // The log knows exactly; the report knows only the event before.
    const [next] = (yield* log.readAll({ after: position, limit: 1 })).events
    const behind = next === undefined || lag === 0 ? 0 : Math.max(0, head.now - next.recordedAt) / 1000
    return { position, lag, behind, eta }
  })

interface Parts extends Pick<Line, "position" | "lag" | "behind" | "eta" | "parked"> {
  readonly now: number
}

const line = (
  lease: Leases.Lease,
  report: Subscriptions.State | undefined,
  { behind, eta, lag, now, parked, position }: Parts
): Line => {
  const runs = Leases.isHeld(lease, now)
  const status = !runs ? "NotRunning" : report === undefined ? "Unknown" : statusOf(lease, report)
  const { building, error, errors, rate } = report ?? unknown
  return {
    name: lease.subscriber,
    kind: report?.kind,
    status,
    halted: status === "Halted" || (!runs && report?.status === "Halted"),
    position,
    lag,
    behind,
    rate,
    eta: runs ? eta : undefined,
    errors,
    parked,
    owner: runs ? lease.owner : undefined,
    error: building?.error ?? error
  }
}

/** What is written down holds at once; whoever has just taken over still reports that somebody else has the lease. */
const statusOf = ({ paused }: Leases.Lease, { status }: Subscriptions.State): Subscriptions.Status =>
  paused ? "Paused" : status === "Elsewhere" ? "CatchingUp" : status
