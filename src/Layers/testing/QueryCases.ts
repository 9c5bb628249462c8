/** What a read database promises of filters and orders: the same answer on every store. */
import * as Effect from "effect/Effect"
import type { Query } from "../../Services/ReadModel.ts"
import { defaultLimit } from "../../Services/ReadModel.ts"
import type { Case } from "./Contract.ts"
import { equal, range, refuses } from "./Contract.ts"
import * as Rows from "./ContractRows.ts"

const numbered = (texts: ReadonlyArray<unknown>, field: string) =>
  Object.fromEntries(texts.map((value, index) => [String(index).padStart(2, "0"), { [field]: value }]))

/** Texts in the order of their code points, which is neither that of UTF-16 nor that of any language. */
const byCodePoint = [
  "",
  " ",
  "10",
  "9",
  "A",
  "Z",
  "a",
  "aa",
  "z",
  "Ä",
  "ä",
  "Ω",
  "я",
  "日",
  "\uff5e",
  "\u{1f600}",
  "\u{1f600}a"
]

/** Filters and orders. */
export const cases: ReadonlyArray<Case<Rows.Stores>> = [
  Rows.promise("what is no index of the projection can neither filter nor sort", (_, model) =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({ a: { text: "a" } })
      const sly = "text') is not null or 1 = 1 --"
      const refused = { _tag: "StoreError", reason: "Invalid" }
      yield* refuses("where", model.list(projection, { where: { [sly]: 1 } }), refused)
      yield* refuses("orderBy", model.list(projection, { orderBy: sly }), refused)
      yield* refuses("count", model.count(projection, { where: { [sly]: 1 } }), refused)
    })
  ),

  Rows.promise("what is no query is Invalid: a limit below 1, a value that no field can have", (_, model) =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({ a: { text: null } })
      const refused = { _tag: "StoreError", reason: "Invalid" }
      for (const limit of [0, -4, 2.5, Number.NaN, Infinity, "3"]) {
        yield* refuses(`limit ${limit}`, model.list(projection, untyped({ limit })), refused)
      }
      for (const value of [undefined, {}, ["a"], Number.NaN, Infinity, 1n, () => "a"]) {
        const where = untyped({ where: { text: value } })
        yield* refuses(`where ${String(value)}`, model.list(projection, where), refused)
        yield* refuses(`count ${String(value)}`, model.count(projection, where), refused)
        const after = untyped({ orderBy: "text", after: { value, key: "a" } })
        yield* refuses(`after ${String(value)}`, model.list(projection, after), refused)
      }
      for (const part of [{ after: {} }, { after: { value: null, key: 1 } }, { search: 1 }, { where: "a" }]) {
        yield* refuses(JSON.stringify(part), model.list(projection, untyped(part)), refused)
      }
    })
  ),

  Rows.promise("where finds each kind of value, and none in the place of another", (_, model) =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({
        text1: { mixed: "1" },
        number1: { mixed: 1 },
        true: { mixed: true },
        false: { mixed: false },
        zero: { mixed: 0 },
        empty: { mixed: "" },
        none: { mixed: null },
        missing: {},
        half: { mixed: 0.5 },
        negative: { mixed: -7 },
        big: { mixed: 9_007_199_254_740_991 },
        quotes: { mixed: `it's "so" \\ % _ ; --` },
        emoji: { mixed: "😀" },
        trueText: { mixed: "true" },
        nullText: { mixed: "null" }
      })
      const found: ReadonlyArray<readonly [string | number | boolean | null, ReadonlyArray<string>]> = [
        ["1", ["text1"]],
        [1, ["number1"]],
        [true, ["true"]],
        [false, ["false"]],
        [0, ["zero"]],
        ["", ["empty"]],
        [null, ["missing", "none"]],
        [0.5, ["half"]],
        [-7, ["negative"]],
        [9_007_199_254_740_991, ["big"]],
        [`it's "so" \\ % _ ; --`, ["quotes"]],
        ["😀", ["emoji"]],
        ["true", ["trueText"]],
        ["null", ["nullText"]],
        ["%", []],
        [2, []]
      ]
      for (const [value, expected] of found) {
        const where = { mixed: value }
        yield* equal(`where ${JSON.stringify(value)}`, yield* Rows.keys(projection, { where }), expected)
        yield* equal("count", (yield* model.count(projection, { where })).count, expected.length)
      }
    })
  ),

  Rows.promise("where holds for all its fields, and together with a search", (_, model) =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({
        a: { text: "red", number: 1, flag: true },
        b: { text: "red", number: 1, flag: false },
        c: { text: "red", number: 2, flag: true },
        d: { text: "blue", number: 1, flag: true }
      })
      const found = (query: Query) => Rows.keys(projection, query)
      yield* equal("no condition", yield* found({ where: {} }), ["a", "b", "c", "d"])
      yield* equal("two", yield* found({ where: { text: "red", number: 1 } }), ["a", "b"])
      yield* equal("three", yield* found({ where: { text: "red", number: 1, flag: true } }), ["a"])
      yield* equal("with a search", yield* found({ where: { flag: true }, search: "RED" }), ["a", "c"])
      const counted = yield* model.count(projection, { where: { flag: true }, search: "RED" })
      yield* equal("counted", counted, { count: 2, asOf: { position: 1, time: 10 } })
    })
  ),

  Rows.promise("texts are ordered by code point", () =>
    Effect.gen(function* () {
      const shuffled = [...byCodePoint].reverse()
      const projection = yield* Rows.filled(numbered(shuffled, "text"))
      const keys = [...numberedKeys(shuffled.length)].reverse()
      yield* equal("ascending", yield* Rows.keys(projection, { orderBy: "text" }), keys)
      const descending = yield* Rows.keys(projection, { orderBy: "text", descending: true })
      yield* equal("descending", descending, [...keys].reverse())
    })
  ),

  Rows.promise("keys are ordered by code point, and are the order unless another is asked for", () =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled(
        Object.fromEntries([...byCodePoint].reverse().map((key) => [key, { number: 1 }]))
      )
      yield* equal("ascending", yield* Rows.keys(projection, {}), byCodePoint)
      yield* equal(
        "descending",
        yield* Rows.keys(projection, { descending: true }),
        [...byCodePoint].reverse()
      )
    })
  ),

  Rows.promise("numbers are ordered by size", () =>
    Effect.gen(function* () {
      const numbers = [-1e300, -10, -9, -0.5, 0, 0.1, 0.25, 1, 2, 10, 100, 1e15, 9_007_199_254_740_991, 1e300]
      const projection = yield* Rows.filled(numbered([...numbers].reverse(), "number"))
      const keys = [...numberedKeys(numbers.length)].reverse()
      yield* equal("ascending", yield* Rows.keys(projection, { orderBy: "number" }), keys)
      const descending = yield* Rows.keys(projection, { orderBy: "number", descending: true })
      yield* equal("descending", descending, [...keys].reverse())
    })
  ),

  Rows.promise("no value comes before any value, and equal values are ordered by key", () =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({
        e: { text: "x" },
        d: { text: null },
        c: {},
        b: { text: "x" },
        a: { text: "y" },
        f: { text: "" }
      })
      const ascending = ["c", "d", "f", "b", "e", "a"]
      yield* equal("ascending", yield* Rows.keys(projection, { orderBy: "text" }), ascending)
      const descending = yield* Rows.keys(projection, { orderBy: "text", descending: true })
      yield* equal("descending", descending, [...ascending].reverse())
      const flags = yield* Rows.filled({ a: { flag: true }, b: { flag: false }, c: {}, d: { flag: true } })
      yield* equal("false before true", yield* Rows.keys(flags, { orderBy: "flag" }), ["c", "b", "a", "d"])
      const mixed = yield* Rows.filled({
        a: { mixed: "0" },
        b: { mixed: 5 },
        c: { mixed: null },
        d: { mixed: "" }
      })
      yield* equal("numbers before texts", yield* Rows.keys(mixed, { orderBy: "mixed" }), [
        "c",
        "b",
        "d",
        "a"
      ])
    })
  ),

  Rows.promise("a list has no more rows than asked for", () =>
    Effect.gen(function* () {
      const rows = range(1, defaultLimit + 1).map((n) => [`k${String(n).padStart(4, "0")}`, { number: -n }])
      const projection = yield* Rows.filled(Object.fromEntries(rows))
      yield* equal("three", yield* Rows.keys(projection, { limit: 3 }), ["k0001", "k0002", "k0003"])
      const lowest = yield* Rows.keys(projection, { orderBy: "number", limit: 2 })
      yield* equal("of an order", lowest, ["k0101", "k0100"])
      yield* equal("by default", (yield* Rows.keys(projection, {})).length, defaultLimit)
      const all = yield* Rows.keys(projection, { limit: Number.MAX_VALUE })
      yield* equal("all", all.length, defaultLimit + 1)
    })
  ),

  Rows.promise("an answer without rows still says what it is as of", (_, model) =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({ a: { text: "x" } })
      const asOf = { position: 1, time: 10 }
      const where = { text: "y" }
      yield* equal("list", yield* model.list(projection, { where, orderBy: "text" }), { rows: [], asOf })
      yield* equal("count", yield* model.count(projection, { where }), { count: 0, asOf })
    })
  )
]

// internal

/** A query as it may come from outside. */
const untyped = (query: object): Query => Object.assign({}, query)

const numberedKeys = (count: number) => range(0, count - 1).map((n) => String(n).padStart(2, "0"))
