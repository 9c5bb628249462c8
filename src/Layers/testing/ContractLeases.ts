/** What cases about leases are made of. Each uses subscribers that no other case has. */
import type * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Lease } from "../../Services/Leases.ts"
import { Leases } from "../../Services/Leases.ts"
import type { StoreError } from "../../Services/StoreError.ts"
import * as Contract from "./Contract.ts"
import { StoreClock } from "./StoreClock.ts"

type Store = Context.Tag.Service<typeof Leases>

export const promise = (
  name: string,
  run: (store: Store) => Effect.Effect<void, unknown, Leases | StoreClock>
) => Contract.promise(name, Effect.flatMap(Leases, run))

/** A subscriber that nobody else has. */
export const fresh: Effect.Effect<string> = Effect.map(Contract.unique, (id) => `subscriber-${id}`)

/** When the clock of a case begins. */
export const start = 1_900_000_000_000

/** Runs an effect while the clock of the store stands still, so many milliseconds after the start. */
export const at = <A, E, R>(time: number, effect: Effect.Effect<A, E, R>) =>
  Effect.flatMap(StoreClock, (clock) => clock.at(start + time, effect))

/** What an owner is told that holds one subscriber at a time, for 100 milliseconds unless it says otherwise. */
export const hold = (
  time: number,
  owner: string,
  subscriber: string,
  report = "",
  duration: Duration.DurationInput = 100
): Effect.Effect<ReadonlyArray<Lease>, StoreError, Leases | StoreClock> =>
  Effect.flatMap(Leases, (store) => at(time, store.hold(owner, duration, [{ subscriber, report }])))

/** A lease that nobody has. */
export const free = (subscriber: string, change: Partial<Lease> = {}): Lease => ({
  subscriber,
  owner: "",
  epoch: 0,
  until: 0,
  paused: false,
  asked: 0,
  report: "",
  ...change
})

/** A lease that was held for 100 milliseconds at a time. */
export const held = (
  time: number,
  owner: string,
  subscriber: string,
  epoch: number,
  change: Partial<Lease> = {}
): Lease => free(subscriber, { owner, epoch, until: start + time + 100, ...change })

/** What is stored about some subscribers, in the order of the store. */
export const stored = (
  ...subscribers: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<Lease>, StoreError, Leases> =>
  Effect.flatMap(Leases, ({ all }) =>
    Effect.map(all, (leases) => leases.filter(({ subscriber }) => subscribers.includes(subscriber)))
  )
