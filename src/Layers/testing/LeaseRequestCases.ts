/** What a store of leases keeps of what operators ask and owners say. */
import * as Effect from "effect/Effect"
import type { Leases } from "../../Services/Leases.ts"
import type { Case } from "./Contract.ts"
import { equal, refuses, unique } from "./Contract.ts"
import { free, fresh, held, hold, promise, stored } from "./ContractLeases.ts"
import type { StoreClock } from "./StoreClock.ts"

/** Requests and reports. */
export const cases: ReadonlyArray<Case<Leases | StoreClock>> = [
  promise("an owner learns of what was asked when it holds next, and holding does not forget it", (store) =>
    Effect.gen(function* () {
      const name = yield* fresh
      yield* hold(0, "one", name, "at work")
      const steps: ReadonlyArray<readonly [asked: boolean | undefined, paused: boolean]> = [
        [undefined, false],
        [true, true],
        [undefined, true],
        [true, true],
        [false, false],
        [undefined, false],
        [false, false],
        [true, true]
      ]
      for (const [index, [wish, paused]] of steps.entries()) {
        const words = { paused, asked: index + 1, report: "at work" }
        yield* store.ask(name, wish)
        yield* equal("who has it stays", yield* stored(name), [held(index, "one", name, 1, words)])
        for (const time of [index, index + 1]) {
          const expected = [held(time, "one", name, 1, words)]
          yield* equal(`asked ${String(wish)}`, yield* hold(time, "one", name, "at work"), expected)
        }
      }
      const words = { paused: true, asked: steps.length }
      yield* equal("the next owner", yield* hold(500, "two", name), [held(500, "two", name, 2, words)])
      yield* store.release("two", [name])
      yield* equal("nobody", yield* stored(name), [free(name, { epoch: 2, ...words })])
    })
  ),

  promise("what nobody ever had can be asked about; its first owner begins with epoch 1", (store) =>
    Effect.gen(function* () {
      const [rests, looks] = [yield* fresh, yield* fresh]
      yield* store.ask(rests, true)
      yield* equal("paused", yield* stored(rests), [free(rests, { paused: true, asked: 1 })])
      yield* store.ask(looks)
      yield* equal("asked", yield* stored(looks), [free(looks, { asked: 1 })])
      const taken = [held(0, "one", rests, 1, { paused: true, asked: 1 })]
      yield* equal("taken", yield* hold(0, "one", rests), taken)
    })
  ),

  promise("all leases are in the order of the code points of their subscribers", (store) =>
    Effect.gen(function* () {
      const id = yield* unique
      const ordered = ["", " ", "1", "10", "2", "Z", "a", "aa", "ä", "\uff5e", "🙂", "🙂🙂"]
      const names = ordered.map((end) => `${id}${end}`)
      for (const name of names.toReversed()) yield* store.ask(name)
      const found = (yield* stored(...names)).map(({ subscriber }) => subscriber)
      yield* equal("the order", found, names)
    })
  ),

  promise("names and reports are any text, and come back as they were", (store) =>
    Effect.gen(function* () {
      const id = yield* unique
      for (const text of [
        "'; drop table leases; --",
        '"',
        "\\",
        "two\nlines\r\n",
        "🙂 Größe",
        "\u0000 \u2028"
      ]) {
        const [name, owner, report] = [`${id}${text}`, `${text}${id}`, text.repeat(1_000)]
        const expected = [held(0, owner, name, 1, { report })]
        yield* equal("the answer", yield* hold(0, owner, name, report), expected)
        yield* equal("what is stored", yield* stored(name), expected)
        yield* equal("to others", yield* hold(1, `${owner} `, name), expected)
        yield* store.ask(name, true)
        yield* store.release(owner, [name])
        const asked = [free(name, { epoch: 1, asked: 1, paused: true, report })]
        yield* equal("given back", yield* stored(name), asked)
      }
    })
  ),

  promise(
    "an owner without a name and text that is not Unicode are refused, and nothing is changed",
    (store) =>
      Effect.gen(function* () {
        const [name, next] = [yield* fresh, yield* fresh]
        const mine = yield* hold(0, "one", name)
        const first = { subscriber: next, report: "" }
        const invalid = { _tag: "StoreError", reason: "Invalid" }
        for (const half of ["\ud83d", "\ude00", "\ude00\ud83d"]) {
          const calls: ReadonlyArray<readonly [what: string, call: Effect.Effect<unknown, unknown>]> = [
            ["a subscriber", store.hold("one", 100, [first, { subscriber: half, report: "" }])],
            ["a report", store.hold("one", 100, [first, { subscriber: name, report: half }])],
            ["an owner", store.hold(half, 100, [first])],
            ["an owner that gives back", store.release(half, [name])],
            ["what is given back", store.release("one", [name, half])],
            ["what is asked about", store.ask(half)],
            ["what is forgotten", store.forget(half)]
          ]
          for (const [what, call] of calls) yield* refuses(what, call, invalid)
        }
        yield* refuses("no name", store.hold("", 100, [first]), invalid)
        yield* refuses("no name, and nothing to hold", store.hold("", 100, []), invalid)
        yield* refuses("no name that gives back", store.release("", [name]), invalid)
        yield* equal("what is stored", yield* stored(name, next), mine)
      })
  )
]
