/** Stores of leases that break one promise each: the contract suite must notice, by the case that says so. */
import { describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Mutant } from "./brokenLeases.ts"
import { answering, freeing, healthy, holding, named, notices, releasing } from "./brokenLeases.ts"

const owned: ReadonlyArray<Mutant> = [
  [
    "forgets what it was told",
    "what nobody has is taken, until its duration has passed; before that there is nothing",
    (store) => ({ ...store, all: Effect.succeed([]) })
  ],
  [
    "is a millisecond late",
    "what nobody has is taken, until its duration has passed; before that there is nothing",
    holding((hold) => (owner, duration, reports) => hold(owner, Duration.sum(duration, 1), reports))
  ],
  [
    "gives a lease to whoever comes",
    "what somebody has is refused to others, who are told whose it is",
    holding((hold, store) => (owner, duration, reports) => {
      const others = freeing(store, named(reports), (lease) => lease.owner !== owner)
      return Effect.zipRight(others, hold(owner, duration, reports))
    })
  ],
  [
    "tells whoever is refused nothing",
    "what somebody has is refused to others, who are told whose it is",
    holding(
      (hold) => (owner, duration, reports) =>
        Effect.map(hold(owner, duration, reports), (leases) =>
          leases.filter((lease) => lease.owner === owner)
        )
    )
  ],
  [
    "tells everybody that it is theirs",
    "what somebody has is refused to others, who are told whose it is",
    answering((lease, owner) => (owner === "" ? lease : { ...lease, owner }))
  ],
  [
    "raises the epoch at each extension",
    "its owner extends it, and says something else, without a new epoch",
    holding(
      (hold, store) => (owner, duration, reports) =>
        Effect.zipRight(store.release(owner, named(reports)), hold(owner, duration, reports))
    )
  ],
  [
    "extends nothing",
    "its owner extends it, and says something else, without a new epoch",
    holding(
      (hold, { all }) =>
        (owner, duration, reports) =>
          Effect.flatMap(all, (leases) => {
            const mine = leases.filter((lease) => lease.owner === owner).map(({ subscriber }) => subscriber)
            const left = reports.map(({ subscriber }) =>
              leases.find((lease) => lease.subscriber === subscriber)
            )
            return named(reports).every((name) => mine.includes(name))
              ? Effect.succeed(left.flatMap((lease) => lease ?? []))
              : hold(owner, duration, reports)
          })
    )
  ],
  [
    "does not raise the epoch",
    "it is taken over once it has run out, and not before; the epoch rises",
    answering((lease) => ({ ...lease, epoch: Math.min(1, lease.epoch) }))
  ],
  [
    "gives a lease away a millisecond too early",
    "it is taken over once it has run out, and not before; the epoch rises",
    holding((hold, store) => (owner, duration, reports) => {
      const early = freeing(
        store,
        named(reports),
        (lease, now) => lease.owner !== owner && now >= lease.until - 1
      )
      return Effect.zipRight(early, hold(owner, duration, reports))
    })
  ],
  [
    "never lets a lease run out",
    "it is taken over once it has run out, and not before; the epoch rises",
    holding((hold) => (owner, _duration, reports) => hold(owner, Infinity, reports))
  ],
  [
    "writes the reports of former owners down",
    "a former owner is told who has it now, and changes nothing, not even the report",
    (store) => {
      const reports = new Map<string, string>()
      const overlaid = answering((lease) => ({ ...lease, report: reports.get(lease.subscriber) ?? "" }))(
        store
      )
      return {
        ...overlaid,
        hold: (owner, duration, all) => {
          for (const { report, subscriber } of all) reports.set(subscriber, report)
          return overlaid.hold(owner, duration, all)
        }
      }
    }
  ],
  [
    "takes an owner that comes back late for another one",
    "an owner that comes back before anybody else has taken it keeps its epoch",
    holding((hold, store) => (owner, duration, reports) => {
      const late = freeing(store, named(reports), (lease, now) => now >= lease.until)
      return Effect.zipRight(late, hold(owner, duration, reports))
    })
  ],
  [
    "gives nothing back",
    "what was given back is taken at once, by anybody, in a new epoch",
    releasing(() => () => Effect.void)
  ],
  [
    "gives back by letting it run out, so that its owner may come back unnoticed",
    "what was given back is taken at once, by anybody, in a new epoch",
    releasing(
      (_, store) => (owner, subscribers) =>
        Effect.flatMap(store.all, (leases) => {
          const mine = leases.filter(
            (lease) => lease.owner === owner && subscribers.includes(lease.subscriber)
          )
          return Effect.asVoid(store.hold(owner, 0, mine))
        })
    )
  ],
  [
    "gives back what is somebody else's",
    "only what is named and the owner's own is given back",
    releasing((_, store) => (_owner, subscribers) => freeing(store, subscribers, () => true))
  ],
  [
    "gives back all that its owner has",
    "only what is named and the owner's own is given back",
    releasing(
      (release, { all }) =>
        (owner) =>
          Effect.flatMap(all, (leases) => release(owner, named(leases)))
    )
  ],
  [
    "holds the first of several",
    "of several, each is taken, extended or refused for itself; the answer is in their order",
    holding((hold) => (owner, duration, reports) => hold(owner, duration, reports.slice(0, 1)))
  ],
  [
    "holds all of several or none",
    "of several, each is taken, extended or refused for itself; the answer is in their order",
    holding(
      (hold, { all }) =>
        (owner, duration, reports) =>
          Effect.flatMap(all, (leases) => {
            const wanted = leases.filter(({ subscriber }) => named(reports).includes(subscriber))
            const refused = wanted.some((lease) => lease.owner !== owner && lease.until > 1_900_000_000_100)
            return refused ? Effect.succeed(wanted) : hold(owner, duration, reports)
          })
    )
  ],
  [
    "answers in the opposite order",
    "of several, each is taken, extended or refused for itself; the answer is in their order",
    holding(
      (hold) => (owner, duration, reports) =>
        Effect.map(hold(owner, duration, reports), (leases) => leases.toReversed())
    )
  ],
  [
    "takes a year for eternity",
    "an infinite duration never runs out, and ends when its owner says so",
    holding((hold) => (owner, duration, reports) => hold(owner, Duration.min(duration, "365 days"), reports))
  ],
  [
    "drops fractions of a millisecond",
    "durations are in any unit; a fraction of a millisecond counts as a whole one",
    holding(
      (hold) => (owner, duration, reports) => hold(owner, Math.floor(Duration.toMillis(duration)), reports)
    )
  ]
]

describe("the contract of leases", () => {
  it.live("is kept by the store that the others were made from", () => healthy)
  notices(owned)
})
