/** What a read database promises of searching: any alphabet, any case, and no character that means something else. */
import * as Effect from "effect/Effect"
import type { Case } from "./Contract.ts"
import { equal } from "./Contract.ts"
import * as Rows from "./ContractRows.ts"

const finds = (
  rows: { readonly [key: string]: string },
  searches: ReadonlyArray<readonly [search: string, keys: ReadonlyArray<string>]>
) =>
  Effect.gen(function* () {
    const fields = Object.entries(rows).map(([key, text]) => [key, { text }] as const)
    const projection = yield* Rows.filled(Object.fromEntries(fields))
    for (const [search, keys] of searches) {
      yield* equal(`"${search}"`, yield* Rows.keys(projection, { search }), keys)
    }
  })

/** Searching. */
export const cases: ReadonlyArray<Case<Rows.Stores>> = [
  Rows.promise("a search finds a text in any alphabet and any case", () =>
    finds(
      {
        latin: "Crème Brûlée",
        greek: "Καλημέρα",
        cyrillic: "Ёлка и МОСКВА",
        german: "Größe",
        chinese: "日本語の本",
        arabic: "مرحبا بالعالم",
        emoji: "thumbs 👍🏽 up",
        deseret: "𐐀𐐁"
      },
      [
        ["CRÈME", ["latin"]],
        ["brûlée", ["latin"]],
        ["me Br", ["latin"]],
        ["Creme", []],
        ["ΚΑΛΗΜΈΡΑ", ["greek"]],
        ["ёЛКА", ["cyrillic"]],
        ["москва", ["cyrillic"]],
        ["GRÖßE", ["german"]],
        ["語の", ["chinese"]],
        ["بالعالم", ["arabic"]],
        ["👍", ["emoji"]],
        ["👍🏽", ["emoji"]],
        ["👎", []],
        ["𐐩", ["deseret"]]
      ]
    )
  ),

  Rows.promise("a search finds what is the same in another width or composition", () =>
    finds(
      {
        wide: "ＡＢＣ１２３",
        narrow: "abc123",
        composed: "caf\u00e9",
        decomposed: "cafe\u0301",
        ligature: "\ufb01nal",
        kana: "ｶﾀｶﾅ",
        superscript: "x²",
        dotted: "İstanbul"
      },
      [
        ["abc", ["narrow", "wide"]],
        ["ＢＣ１", ["narrow", "wide"]],
        ["CAFÉ", ["composed", "decomposed"]],
        ["CAFE\u0301", ["composed", "decomposed"]],
        ["FINAL", ["ligature"]],
        ["カタカナ", ["kana"]],
        ["X2", ["superscript"]],
        ["İSTANBUL", ["dotted"]],
        ["stanbul", ["dotted"]]
      ]
    )
  ),

  Rows.promise("no character of a search is a wildcard, a quote or an operator", () =>
    finds(
      {
        percent: "100% sure",
        underscore: "snake_case",
        backslash: "a\\b",
        quote: "it's",
        double: 'so "called"',
        star: "a*b?c[d]",
        words: "red AND blue OR near",
        dash: "a -- b; drop table rows"
      },
      [
        ["%", ["percent"]],
        ["_", ["underscore"]],
        ["\\", ["backslash"]],
        ["'", ["quote"]],
        ['"', ["double"]],
        ["*", ["star"]],
        ["?", ["star"]],
        ["[d]", ["star"]],
        ["% s", ["percent"]],
        ["%sure", []],
        ["snake%", []],
        ["a_b", []],
        ["\\%", []],
        ["''", []],
        ["red OR", []],
        ["-- b; DROP", ["dash"]]
      ]
    )
  ),

  Rows.promise("a search looks through the declared fields only; an empty one finds everything", (_, model) =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({
        a: { text: "apple", more: "red", mixed: "secret" },
        b: { text: "pear", more: null },
        c: { more: "apple tree" },
        d: { text: 42 }
      })
      const found = (search: string) => Rows.keys(projection, { search })
      yield* equal("in both fields", yield* found("APPLE"), ["a", "c"])
      yield* equal("in another field", yield* found("secret"), [])
      yield* equal("not across fields", yield* found("applered"), [])
      yield* equal("no value is no text", [yield* found("null"), yield* found("undefined")], [[], []])
      yield* equal("a number as its text", yield* found("42"), ["d"])
      yield* equal("empty", yield* found(""), ["a", "b", "c", "d"])
      yield* equal("counted", (yield* model.count(projection, { search: "apple" })).count, 2)
    })
  ),

  Rows.promise("a search sees the row as it is now", (store) =>
    Effect.gen(function* () {
      const projection = yield* Rows.filled({ a: { text: "before" }, b: { text: "before" } })
      const { generation } = yield* Rows.current(projection)
      yield* Rows.write(projection, generation, 1, { a: { text: "after" }, b: undefined })
      yield* equal("the old text", yield* Rows.keys(projection, { search: "before" }), [])
      yield* equal("the new text", yield* Rows.keys(projection, { search: "after" }), ["a"])
    })
  )
]
