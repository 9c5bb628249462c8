/** What a store of leases promises about subscribers that are no more. */
import * as Effect from "effect/Effect"
import type { Leases } from "../../Services/Leases.ts"
import type { Case } from "./Contract.ts"
import { equal, refuses } from "./Contract.ts"
import { at, free, fresh, held, hold, promise, stored } from "./ContractLeases.ts"
import type { StoreClock } from "./StoreClock.ts"

/** What is forgotten, what is not, and what becomes of it when it comes back. */
export const cases: ReadonlyArray<Case<Leases | StoreClock>> = [
  promise("what is forgotten is not among all leases, and no other one is forgotten", (store) =>
    Effect.gen(function* () {
      const [gone, halted, asked, stays, never] = [
        yield* fresh,
        yield* fresh,
        yield* fresh,
        yield* fresh,
        yield* fresh
      ]
      yield* hold(0, "one", gone)
      yield* store.release("one", [gone])
      yield* hold(0, "one", halted, "halted")
      yield* store.ask(asked, true)
      yield* hold(0, "one", stays)
      for (const name of [gone, halted, asked, never, gone]) yield* at(100, store.forget(name))
      const left = yield* stored(gone, halted, asked, stays, never)
      yield* equal("what is left", left, [held(0, "one", stays, 1)])
    })
  ),

  promise("what somebody has is not forgotten, and who asks is told whose it is, and until when", (store) =>
    Effect.gen(function* () {
      const name = yield* fresh
      const theirs = yield* hold(0, "one", name, "at work")
      const refusal = { _tag: "LeaseHeld", subscriber: name, owner: "one", until: theirs[0]?.until }
      for (const time of [0, 50, 99]) {
        yield* refuses(`after ${time} ms`, at(time, store.forget(name)), refusal)
        yield* equal("what is stored", yield* stored(name), theirs)
      }
      yield* at(100, store.forget(name))
      yield* equal("once it has run out", yield* stored(name), [])
    })
  ),

  promise("whoever takes what was forgotten begins an epoch, its former owner too", (store) =>
    Effect.gen(function* () {
      const name = yield* fresh
      yield* hold(0, "one", name)
      yield* hold(100, "two", name)
      yield* at(200, store.forget(name))
      const back = [held(201, "two", name, 3, { report: "back" })]
      yield* equal("by the same", yield* hold(201, "two", name, "back"), back)
      yield* equal("what is stored", yield* stored(name), back)
      yield* store.release("two", [name])
      yield* at(202, store.forget(name))
      yield* equal("by another", yield* hold(203, "one", name), [held(203, "one", name, 4)])
    })
  ),

  promise("a former owner has nothing to give back of what was forgotten", (store) =>
    Effect.gen(function* () {
      const name = yield* fresh
      yield* hold(0, "one", name)
      yield* at(100, store.forget(name))
      yield* store.release("one", [name])
      yield* equal("what is stored", yield* stored(name), [])
    })
  ),

  promise(
    "who asks about what was forgotten brings it back: it rests as before, the report is gone",
    (store) =>
      Effect.gen(function* () {
        const name = yield* fresh
        yield* store.ask(name, true)
        yield* hold(0, "one", name, "halted")
        yield* store.release("one", [name])
        yield* at(1, store.forget(name))
        yield* store.ask(name)
        const back = free(name, { epoch: 1, asked: 2, paused: true })
        yield* equal("what is stored", yield* stored(name), [back])
        yield* store.ask(name, false)
        yield* equal("and goes on", yield* stored(name), [{ ...back, asked: 3, paused: false }])
      })
  )
]
