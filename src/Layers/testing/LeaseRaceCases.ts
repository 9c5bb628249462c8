/** What a store of leases promises when several programs use it at once. */
import * as Effect from "effect/Effect"
import type { Leases } from "../../Services/Leases.ts"
import type { Case } from "./Contract.ts"
import { equal, range } from "./Contract.ts"
import { at, free, fresh, held, hold, promise, stored } from "./ContractLeases.ts"
import type { StoreClock } from "./StoreClock.ts"

/** Races. */
export const cases: ReadonlyArray<Case<Leases | StoreClock>> = [
  promise("of many who want a lease at the same time one gets it, and all learn who", (store) =>
    Effect.gen(function* () {
      const reports = [{ subscriber: yield* fresh, report: "" }]
      for (const round of range(1, 5)) {
        const owners = range(1, 20).map((n) => `owner ${n} of round ${round}`)
        const holds = owners.map((owner) => store.hold(owner, 100, reports))
        const answers = (yield* at(round * 1_000, together(holds))).flat()
        const winners = answers.filter(({ owner }, index) => owner === owners[index])
        yield* equal("winners", winners.length, 1)
        yield* equal("the answers", new Set(answers.map(({ owner }) => owner)).size, 1)
        yield* equal("what the winner has", answers[0]?.epoch, round)
      }
    })
  ),

  promise("of two who want the same leases, in whatever order, one gets them all", (store) =>
    Effect.gen(function* () {
      const names = yield* Effect.replicateEffect(fresh, 12)
      const reports = names.map((subscriber) => ({ subscriber, report: "" }))
      for (const round of range(1, 5)) {
        const holds = [store.hold("one", 100, reports), store.hold("two", 100, reports.toReversed())]
        const [one = [], two = []] = yield* at(round * 1_000, together(holds))
        yield* equal("owners", new Set([...one, ...two].map(({ owner }) => owner)).size, 1)
        yield* equal("the same answer", one, two.toReversed())
      }
    })
  ),

  promise("nothing that is asked at the same time is lost", (store) =>
    Effect.gen(function* () {
      const subscriber = yield* fresh
      const asks = range(1, 20).map(() => store.ask(subscriber))
      const holds = range(1, 5).map(() => store.hold("one", 100, [{ subscriber, report: "" }]))
      yield* at(0, together([...asks, ...holds]))
      yield* store.release("one", [subscriber])
      yield* equal("what is stored", yield* stored(subscriber), [free(subscriber, { asked: 20, epoch: 1 })])
    })
  ),

  promise("who has it is not forgotten by those who saw that nobody had it", (store) =>
    Effect.gen(function* () {
      const subscriber = yield* fresh
      yield* hold(0, "one", subscriber)
      yield* store.release("one", [subscriber])
      const forgets = range(1, 5).map(() =>
        Effect.catchTag(store.forget(subscriber), "LeaseHeld", () => Effect.void)
      )
      const holds = range(1, 5).map(() => store.hold("two", 100, [{ subscriber, report: "" }]))
      yield* at(1, together([...forgets, ...holds, ...forgets]))
      yield* equal("what is stored", yield* stored(subscriber), [held(1, "two", subscriber, 2)])
    })
  )
]

// internal

const together = <A, E, R>(effects: ReadonlyArray<Effect.Effect<A, E, R>>) =>
  Effect.all(effects, { concurrency: "unbounded" })
