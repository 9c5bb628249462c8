import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { explain, quote, say, section, showTime, table } from "../../src/Programs/Terminal.ts"
import { printing } from "../Layers/Catalogue/App.ts"

it.effect("prints sections, lines and columns", () =>
  printing((lines) =>
    Effect.gen(function* () {
      yield* section("Title")
      yield* say("one", "two")
      yield* table([
        ["a", 5, "end"],
        ["long", 100, "e"]
      ])
      expect(lines).toEqual([
        `\n── Title ${"─".repeat(71)}`,
        "  one\n  two",
        "  a       5  end\n  long  100  e"
      ])
    })
  )
)

it("shows a time in UTC", () => {
  expect(showTime(Date.UTC(2026, 0, 5, 9, 0, 0, 7))).toBe("2026-01-05 09:00:00.007")
})

it.effect("quotes others, broken between words", () =>
  printing((lines) =>
    Effect.gen(function* () {
      yield* quote(`${"word ".repeat(16)}\n end`)
      yield* quote("x".repeat(90))
      expect(lines).toEqual([`  | ${"word ".repeat(15).trim()}\n  | word end`, `  | ${"x".repeat(90)}`])
    })
  )
)

it.effect("explains a word, in a column of its own", () =>
  printing((lines) =>
    Effect.gen(function* () {
      yield* explain("Price:", "word ".repeat(15).trim())
      yield* explain("-", "short")
      expect(lines).toEqual([`  Price: ${"word ".repeat(14).trim()}\n         word`, "  - short"])
    })
  )
)
