/** Stores of leases that lose what they are told, or mix up those who come at once: the contract suite must notice. */
import { describe } from "@effect/vitest"
import type { Leases } from "everfold"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Mutant } from "./brokenLeases.ts"
import { answering, asking, freeing, holding, named, notices } from "./brokenLeases.ts"

const told: ReadonlyArray<Mutant> = [
  [
    "forgets what was asked when a lease is held",
    "an owner learns of what was asked when it holds next, and holding does not forget it",
    answering((lease, owner) => (owner === "" ? lease : { ...lease, paused: false }))
  ],
  [
    "counts nothing",
    "an owner learns of what was asked when it holds next, and holding does not forget it",
    answering((lease) => ({ ...lease, asked: Math.min(1, lease.asked) }))
  ],
  [
    "lets a subscriber go on when it is asked to look again",
    "an owner learns of what was asked when it holds next, and holding does not forget it",
    asking(
      (ask) =>
        (subscriber, paused = false) =>
          ask(subscriber, paused)
    )
  ],
  [
    "takes what is asked for an end of the lease",
    "an owner learns of what was asked when it holds next, and holding does not forget it",
    asking(
      (ask, store) => (subscriber, paused) =>
        Effect.zipRight(
          freeing(store, [subscriber], () => true),
          ask(subscriber, paused)
        )
    )
  ],
  [
    "asks nobody about what nobody ever had",
    "what nobody ever had can be asked about; its first owner begins with epoch 1",
    asking(
      (ask, { all }) =>
        (subscriber, paused) =>
          Effect.flatMap(all, (leases) =>
            named(leases).includes(subscriber) ? ask(subscriber, paused) : Effect.void
          )
    )
  ],
  [
    "orders by UTF-16",
    "all leases are in the order of the code points of their subscribers",
    (store) => ({
      ...store,
      all: Effect.map(store.all, (leases) =>
        leases.toSorted((a, b) => (a.subscriber < b.subscriber ? -1 : 1))
      )
    })
  ],
  [
    "ends a text at its first zero",
    "names and reports are any text, and come back as they were",
    answering((lease) => ({ ...lease, report: lease.report.replace(/\0.*/s, "") }))
  ],
  [
    "makes one line of a report",
    "names and reports are any text, and come back as they were",
    answering((lease) => ({ ...lease, report: lease.report.replaceAll("\n", " ") }))
  ],
  [
    "mends half a character",
    "an owner without a name and text that is not Unicode are refused, and nothing is changed",
    holding(
      (hold) => (owner, duration, reports) =>
        hold(
          owner,
          duration,
          reports.map(({ report, subscriber }) => ({ subscriber, report: report.toWellFormed() }))
        )
    )
  ],
  [
    "takes an owner without a name",
    "an owner without a name and text that is not Unicode are refused, and nothing is changed",
    holding((hold) => (owner, duration, reports) => hold(owner || "nobody", duration, reports))
  ],
  [
    "writes the first of several down before it looks at the others",
    "an owner without a name and text that is not Unicode are refused, and nothing is changed",
    holding(
      (hold) => (owner, duration, reports) =>
        Effect.zipRight(hold(owner, duration, reports.slice(0, 1)), hold(owner, duration, reports))
    )
  ]
]

const raced: ReadonlyArray<Mutant> = [
  [
    "looks who has a lease, and takes it later",
    "of many who want a lease at the same time one gets it, and all learn who",
    holding(
      (hold, store) => (owner, duration, reports) =>
        Effect.gen(function* () {
          const others = (lease: Leases.Lease) => lease.owner !== owner
          const now = yield* Clock.currentTimeMillis
          const wanted = (yield* store.all).filter(({ subscriber }) => named(reports).includes(subscriber))
          yield* Effect.yieldNow()
          const taken = wanted.some((lease) => others(lease) && lease.until > now)
          if (!taken) yield* freeing(store, named(reports), others)
          return yield* hold(owner, duration, reports)
        })
    )
  ],
  [
    "holds one after the other",
    "of two who want the same leases, in whatever order, one gets them all",
    holding(
      (hold) => (owner, duration, reports) =>
        Effect.map(
          Effect.forEach(reports, (report) =>
            Effect.zipLeft(hold(owner, duration, [report]), Effect.yieldNow())
          ),
          (leases) => leases.flat()
        )
    )
  ],
  [
    "counts in two steps",
    "nothing that is asked at the same time is lost",
    (store) => {
      const counts = new Map<string, number>()
      return {
        ...answering((lease) => ({ ...lease, asked: counts.get(lease.subscriber) ?? 0 }))(store),
        ask: (subscriber, paused) =>
          Effect.gen(function* () {
            const count = counts.get(subscriber) ?? 0
            yield* Effect.zipRight(store.ask(subscriber, paused), Effect.yieldNow())
            counts.set(subscriber, count + 1)
          })
      }
    }
  ]
]

describe("the contract of leases", () => {
  notices(told)
  notices(raced)
})
