import { Text } from "everfold"
import * as FastCheck from "effect/FastCheck"
import { describe, expect, it } from "vitest"

describe("exceeds", () => {
  it("says what a count of the bytes says", () => {
    const text = FastCheck.string({ unit: FastCheck.constantFrom("a", "é", "€", "\u{1F600}"), maxLength: 12 })
    FastCheck.assert(
      FastCheck.property(text, FastCheck.nat(40), (text, limit) => {
        expect(Text.exceeds(text, limit)).toBe(Buffer.byteLength(text) > limit)
      }),
      { numRuns: 2000 }
    )
  })
})

describe("compare", () => {
  it("orders as UTF-8 bytes do, and so as the stores do", () => {
    const text = FastCheck.oneof(
      FastCheck.string({ unit: "binary" }),
      // Beyond U+FFFF UTF-16 units and code points disagree.
      FastCheck.stringMatching(/^[a\uFF5E\uD7FF\u{10000}\u{1F600}]{0,4}$/u)
    )
    FastCheck.assert(
      FastCheck.property(text, text, (a, b) => {
        expect(Text.compare(a, b)).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
      }),
      { numRuns: 2000 }
    )
  })

  it("is not JavaScript's own order", () => {
    expect("\u{1F600}" < "\uFF5E").toBe(true)
    expect(Text.compare("\u{1F600}", "\uFF5E")).toBe(1)
  })

  it.each([
    ["", "", 0],
    ["", "a", -1],
    ["a", "ab", -1],
    ["b", "ab", 1],
    ["Z", "a", -1],
    ["\u{1F600}", "\u{1F601}", -1],
    ["\u{1F600}a", "\u{1F600}", 1]
  ] as const)("%j and %j: %d", (a, b, order) => {
    expect(Text.compare(a, b)).toBe(order)
    expect(Text.compare(b, a)).toBe(order === 0 ? 0 : -order)
  })
})

describe("fold", () => {
  it.each([
    ["ÄPFEL", "äpfel"],
    ["Ａｂｃ", "abc"],
    ["ﬁn", "fin"],
    ["e\u0301", "é"],
    ["ЖУК", "жук"],
    ["ΟΔΟΣ", "οδός".normalize("NFD").replace(/\u0301/, "")],
    ["half \ud83d", "half \ufffd"],
    ["①", "1"]
  ])("%s and %s are the same to a searcher", (a, b) => {
    expect(Text.fold(a)).toBe(Text.fold(b))
  })

  it("folding again changes nothing", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.string({ unit: "grapheme" }), (text) => {
        expect(Text.fold(Text.fold(text))).toBe(Text.fold(text))
      }),
      { numRuns: 1000 }
    )
  })
})

it("searchable is the text of the declared fields; what is missing is no text", () => {
  const row = { name: "Ärmel", supplier: null, price: 5, secret: "no" }
  expect(Text.searchable(["name", "supplier", "absent", "price"], row)).toBe("ärmel\n\n\n5")
  expect(Text.searchable([], row)).toBe("")
})
