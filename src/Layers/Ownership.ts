/**
 * The leases of one program's subscribers: asks for them, extends them all at once, and tells each subscriber when its
 * lease has changed hands, or when an operator has asked for something.
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import type { Lease } from "../Services/Leases.ts"
import { Leases } from "../Services/Leases.ts"
import type { StoreError } from "../Services/StoreError.ts"
import * as Turn from "./Turn.ts"
import * as UuidIds from "./UuidIds.ts"

/** A subscriber that wants its lease. */
export interface Member {
  readonly name: string
  /** What it has to say, for whoever looks from outside. */
  readonly report: Effect.Effect<string>
  /** Told at first, and whenever the lease has changed hands or an operator has asked for something. */
  readonly changed: (lease: Lease, mine: boolean) => Effect.Effect<void>
}

/** How long a lease lasts, and how to find what others do. */
export interface Options {
  /** After this long without a sign of life another program takes over; without it a lease never runs out. */
  readonly lease?: Duration.DurationInput
}

/** The leases that this program wants. */
export class Ownership extends Context.Tag("everfold/Ownership")<
  Ownership,
  {
    /** Wants a lease until the scope closes; then it is given back. */
    readonly join: (member: Member) => Effect.Effect<void, never, Scope.Scope>
    /** Looks at the lease of a subscriber now, reports, and tells what has changed. */
    readonly look: (name: string) => Effect.Effect<void, StoreError>
    /** The lease of a subscriber as it was at the last look, with what its owner has said. */
    readonly lease: (name: string) => Effect.Effect<Lease | undefined>
  }
>() {}

export const make = ({ lease: duration = Duration.infinity }: Options) =>
  Effect.gen(function* () {
    const leases = yield* Leases
    const owner = yield* Effect.flatMap(UuidIds.make, ({ next }) => next)
    const members = new Map<string, Member>()
    const told = new Map<string, string>()
    const seen = new Map<string, Lease>()
    // One after the other: an answer must not be overtaken by a newer one.
    const turn = Turn.make()

    const tell = (lease: Lease) => {
      seen.set(lease.subscriber, lease)
      const member = members.get(lease.subscriber)
      const mine = lease.owner === owner
      const news = JSON.stringify([mine, lease.epoch, lease.paused, lease.asked])
      if (member === undefined || told.get(member.name) === news) return Effect.void
      told.set(member.name, news)
      return member.changed(lease, mine)
    }

    const hold = (names: Iterable<string>) =>
      turn.take(() =>
        Effect.gen(function* () {
          const wanted = Array.from(names, (name) => members.get(name)).filter((one) => one !== undefined)
          if (wanted.length === 0) return
          const reports = yield* Effect.forEach(wanted, ({ name, report }) =>
            Effect.map(report, (report) => ({ subscriber: name, report }))
          )
          yield* Effect.forEach(yield* leases.hold(owner, duration, reports), tell, { discard: true })
        })
      )

    // Said once for each reason, however long it lasts.
    let complaint: string | undefined
    const beat = Effect.suspend(() => hold(members.keys())).pipe(
      Effect.matchEffect({
        onFailure: ({ message }) => {
          const known = message === complaint
          complaint = message
          return known ? Effect.void : Effect.logWarning(`leases could not be extended: ${message}`)
        },
        onSuccess: () => Effect.sync(() => void (complaint = undefined))
      })
    )
    if (Duration.isFinite(Duration.decode(duration))) {
      const pause = Duration.times(duration, 1 / 3)
      yield* Effect.forkScoped(Effect.schedule(beat, Schedule.spaced(pause)))
    }

    const leave = (name: string) =>
      Effect.suspend(() => {
        members.delete(name)
        told.delete(name)
        seen.delete(name)
        // After whoever is just about to extend it.
        return Effect.catchAll(
          turn.take(() => leases.release(owner, [name])),
          (error) => Effect.logWarning(`the lease of "${name}" runs out by itself: ${error.message}`)
        )
      })

    return Ownership.of({
      join: (member) =>
        Effect.acquireRelease(
          Effect.sync(() => void members.set(member.name, member)),
          () => leave(member.name)
        ),
      look: (name) => hold([name]),
      lease: (name) => Effect.sync(() => seen.get(name))
    })
  })

/** Owns leases under a name that no other program has. */
export const layer = (options: Options = {}): Layer.Layer<Ownership, never, Leases> =>
  Layer.scoped(Ownership, make(options))
