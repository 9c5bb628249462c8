/** Stores of leases that forget too much, too little, or in the wrong moment: the contract suite must notice. */
import { describe } from "@effect/vitest"
import { Leases } from "everfold"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Mutant, Store } from "./brokenLeases.ts"
import { forgetting, freeing, notices, releasing } from "./brokenLeases.ts"

/** Forgets by hiding what is there, until it is held or asked about; `shown` is what comes back then. */
const hiding =
  (shown: (lease: Leases.Lease) => Leases.Lease) =>
  (store: Store): Store => {
    const hidden = new Set<string>()
    const former = new Set<string>()
    const show = (lease: Leases.Lease) => (former.has(lease.subscriber) ? shown(lease) : lease)
    return {
      hold: (owner, duration, reports) =>
        Effect.map(store.hold(owner, duration, reports), (leases) => {
          for (const { subscriber } of reports) hidden.delete(subscriber)
          return leases.map(show)
        }),
      release: store.release,
      ask: (subscriber, paused) => Effect.tap(store.ask(subscriber, paused), () => hidden.delete(subscriber)),
      forget: (subscriber) =>
        Effect.tap(store.forget(subscriber), () => {
          hidden.add(subscriber)
          former.add(subscriber)
        }),
      all: Effect.map(store.all, (leases) =>
        leases.filter(({ subscriber }) => !hidden.has(subscriber)).map(show)
      )
    }
  }

const forgotten: ReadonlyArray<Mutant> = [
  [
    "forgets nothing",
    "what is forgotten is not among all leases, and no other one is forgotten",
    forgetting(() => () => Effect.void)
  ],
  [
    "forgets only what has been held",
    "what is forgotten is not among all leases, and no other one is forgotten",
    forgetting(
      (forget, { all }) =>
        (subscriber) =>
          Effect.flatMap(all, (leases) =>
            leases.some((lease) => lease.subscriber === subscriber && lease.epoch > 0)
              ? forget(subscriber)
              : Effect.void
          )
    )
  ],
  [
    "forgets what somebody has",
    "what somebody has is not forgotten, and who asks is told whose it is, and until when",
    forgetting(
      (forget, store) => (subscriber) =>
        Effect.zipRight(
          freeing(store, [subscriber], () => true),
          forget(subscriber)
        )
    )
  ],
  [
    "never forgets what has run out",
    "what somebody has is not forgotten, and who asks is told whose it is, and until when",
    forgetting(
      (forget, { all }) =>
        (subscriber) =>
          Effect.flatMap(all, (leases) => {
            const theirs = leases.find((lease) => lease.subscriber === subscriber && lease.owner !== "")
            return theirs === undefined ? forget(subscriber) : new Leases.LeaseHeld(theirs)
          })
    )
  ],
  [
    "begins with the first epoch again",
    "whoever takes what was forgotten begins an epoch, its former owner too",
    hiding((lease) => ({ ...lease, epoch: 1 }))
  ],
  [
    "is reminded by a former owner",
    "a former owner has nothing to give back of what was forgotten",
    releasing(
      (release, { ask }) =>
        (owner, subscribers) =>
          Effect.zipRight(
            release(owner, subscribers),
            Effect.forEach(subscribers, (subscriber) => ask(subscriber), { discard: true })
          )
    )
  ],
  [
    "lets a subscriber go on that rested",
    "who asks about what was forgotten brings it back: it rests as before, the report is gone",
    forgetting(
      (forget, { ask }) =>
        (subscriber) =>
          Effect.zipRight(ask(subscriber, false), forget(subscriber))
    )
  ],
  [
    "believes the report of one that is no more",
    "who asks about what was forgotten brings it back: it rests as before, the report is gone",
    hiding((lease) => ({ ...lease, report: "halted" }))
  ],
  [
    "looks whether somebody has it, and forgets later",
    "who has it is not forgotten by those who saw that nobody had it",
    forgetting(
      (forget, store) => (subscriber) =>
        Effect.gen(function* () {
          const now = yield* Clock.currentTimeMillis
          const lease = (yield* store.all).find((lease) => lease.subscriber === subscriber)
          if (lease !== undefined && Leases.isHeld(lease, now)) return yield* new Leases.LeaseHeld(lease)
          yield* Effect.yieldNow()
          yield* freeing(store, [subscriber], () => true)
          yield* forget(subscriber)
        })
    )
  ]
]

describe("the contract of leases", () => notices(forgotten))
