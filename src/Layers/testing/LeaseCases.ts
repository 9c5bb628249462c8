/** What a store of leases promises. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Leases } from "../../Services/Leases.ts"
import type { Case } from "./Contract.ts"
import { equal } from "./Contract.ts"
import { at, free, fresh, held, hold, promise, start, stored } from "./ContractLeases.ts"
import type { StoreClock } from "./StoreClock.ts"

/** Who has a lease, and for how long. */
export const cases: ReadonlyArray<Case<Leases | StoreClock>> = [
  promise("what nobody has is taken, until its duration has passed; before that there is nothing", () =>
    Effect.gen(function* () {
      const [name, other] = [yield* fresh, yield* fresh]
      yield* equal("before", yield* stored(name, other), [])
      const taken = [held(0, "one", name, 1, { report: "at work" })]
      yield* equal("the answer", yield* hold(0, "one", name, "at work"), taken)
      yield* equal("what is stored", yield* stored(name, other), taken)
    })
  ),

  promise("what somebody has is refused to others, who are told whose it is", () =>
    Effect.gen(function* () {
      const name = yield* fresh
      const theirs = yield* hold(0, "one", name, "at work")
      for (const time of [0, 1, 50, 99]) {
        yield* equal(`after ${time} ms`, yield* hold(time, "two", name, "mine"), theirs)
        yield* equal("what is stored", yield* stored(name), theirs)
      }
    })
  ),

  promise("its owner extends it, and says something else, without a new epoch", () =>
    Effect.gen(function* () {
      const name = yield* fresh
      for (const time of [0, 0, 60, 120, 219]) {
        const expected = [held(time, "one", name, 1, { report: `since ${time}` })]
        yield* equal(`after ${time} ms`, yield* hold(time, "one", name, `since ${time}`), expected)
        yield* equal("what is stored", yield* stored(name), expected)
      }
      yield* equal("then nobody else", (yield* hold(318, "two", name))[0]?.owner, "one")
    })
  ),

  promise("it is taken over once it has run out, and not before; the epoch rises", () =>
    Effect.gen(function* () {
      const name = yield* fresh
      yield* hold(0, "one", name)
      yield* equal("just before", yield* hold(99, "two", name), [held(0, "one", name, 1)])
      yield* equal("at the end", yield* hold(100, "two", name), [held(100, "two", name, 2)])
      yield* equal("back again", yield* hold(1_000, "one", name), [held(1_000, "one", name, 3)])
      yield* equal("what is stored", yield* stored(name), [held(1_000, "one", name, 3)])
    })
  ),

  promise("a former owner is told who has it now, and changes nothing, not even the report", (store) =>
    Effect.gen(function* () {
      const name = yield* fresh
      yield* hold(0, "one", name, "at work")
      const theirs = yield* hold(100, "two", name, "at work too")
      yield* equal("the answer", yield* hold(101, "one", name, "still here"), theirs)
      yield* store.release("one", [name])
      yield* equal("what is stored", yield* stored(name), theirs)
    })
  ),

  promise("an owner that comes back before anybody else has taken it keeps its epoch", () =>
    Effect.gen(function* () {
      const name = yield* fresh
      yield* hold(0, "one", name, "at work")
      const back = [held(5_000, "one", name, 1, { report: "back" })]
      yield* equal("the answer", yield* hold(5_000, "one", name, "back"), back)
      yield* equal("others", yield* hold(5_001, "two", name), back)
    })
  ),

  promise("what was given back is taken at once, by anybody, in a new epoch", (store) =>
    Effect.gen(function* () {
      const name = yield* fresh
      yield* hold(0, "one", name, "at work")
      yield* store.release("one", [name])
      yield* equal("given back", yield* stored(name), [free(name, { epoch: 1, report: "at work" })])
      yield* equal("by another", yield* hold(1, "two", name), [held(1, "two", name, 2)])
      yield* store.release("two", [name])
      yield* equal("by the same", yield* hold(2, "two", name), [held(2, "two", name, 3)])
      yield* at(200, store.release("two", [name]))
      yield* equal("also after it ran out", yield* hold(300, "two", name), [held(300, "two", name, 4)])
    })
  ),

  promise("only what is named and the owner's own is given back", (store) =>
    Effect.gen(function* () {
      const [mine, also, theirs, nobodys] = [yield* fresh, yield* fresh, yield* fresh, yield* fresh]
      yield* hold(0, "one", mine)
      yield* hold(0, "one", also)
      yield* hold(0, "two", theirs)
      yield* store.release("one", [])
      yield* store.release("three", [mine, also, theirs])
      yield* store.release("one", [mine, theirs, nobodys])
      for (const [name, expected] of [
        [mine, [free(mine, { epoch: 1 })]],
        [also, [held(0, "one", also, 1)]],
        [theirs, [held(0, "two", theirs, 1)]],
        [nobodys, []]
      ] as const) {
        yield* equal("what is stored", yield* stored(name), expected)
      }
    })
  ),

  promise(
    "of several, each is taken, extended or refused for itself; the answer is in their order",
    (store) =>
      Effect.gen(function* () {
        const [mine, theirs, over, next] = [yield* fresh, yield* fresh, yield* fresh, yield* fresh]
        yield* hold(0, "two", over)
        yield* hold(50, "two", theirs, "busy")
        yield* hold(50, "one", mine)
        const names = [theirs, next, over, mine]
        const reports = names.map((subscriber, index) => ({ subscriber, report: `report ${index}` }))
        const expected = [
          held(50, "two", theirs, 1, { report: "busy" }),
          held(100, "one", next, 1, { report: "report 1" }),
          held(100, "one", over, 2, { report: "report 2" }),
          held(100, "one", mine, 1, { report: "report 3" })
        ]
        yield* equal("the answer", yield* at(100, store.hold("one", 100, reports)), expected)
        for (const lease of expected) {
          yield* equal("what is stored", yield* stored(lease.subscriber), [lease])
        }
        yield* equal("of none", yield* store.hold("one", 100, []), [])
      })
  ),

  promise("an infinite duration never runs out, and ends when its owner says so", (store) =>
    Effect.gen(function* () {
      const name = yield* fresh
      const endless = [held(0, "one", name, 1, { until: Number.MAX_SAFE_INTEGER })]
      const lastDay = 8_640_000_000_000_000 - start
      yield* equal("the answer", yield* hold(0, "one", name, "", Infinity), endless)
      yield* equal("on the last day", yield* hold(lastDay, "two", name), endless)
      yield* equal("made finite", yield* hold(1, "one", name), [held(1, "one", name, 1)])
      yield* hold(2, "one", name, "", Infinity)
      yield* store.release("one", [name])
      yield* equal("given back", yield* hold(3, "two", name), [held(3, "two", name, 2)])
    })
  ),

  promise("durations are in any unit; a fraction of a millisecond counts as a whole one", () =>
    Effect.gen(function* () {
      const name = yield* fresh
      const durations: ReadonlyArray<readonly [Duration.DurationInput, number]> = [
        ["1 day", 86_400_000],
        ["1500 micros", 2],
        ["1 nano", 1],
        ["52 weeks", 31_449_600_000]
      ]
      for (const [duration, millis] of durations) {
        const [lease] = yield* hold(0, "one", name, "", duration)
        yield* equal(String(duration), lease?.until, start + millis)
      }
    })
  )
]
