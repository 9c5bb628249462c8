import { Difference } from "everfold"
import * as HashMap from "effect/HashMap"
import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"

describe("between", () => {
  it.each([
    { what: "nothing", before: { a: 1 }, after: { a: 1 }, differences: [] },
    {
      what: "a value, in the order of the fields",
      before: { a: 1, b: 2, c: 3 },
      after: { a: 2, b: 2, c: 4 },
      differences: [
        { field: "a", from: 1, to: 2 },
        { field: "c", from: 3, to: 4 }
      ]
    },
    {
      what: "a field that came and one that went",
      before: { gone: 1 },
      after: { come: 2 },
      differences: [
        { field: "gone", from: 1, to: undefined },
        { field: "come", from: undefined, to: 2 }
      ]
    },
    { what: "NaN that stayed", before: { a: Number.NaN }, after: { a: Number.NaN }, differences: [] },
    {
      what: "null for an object",
      before: { a: { b: 1 } },
      after: { a: null },
      differences: [{ field: "a", from: { b: 1 }, to: null }]
    },
    {
      what: "an equal object inside",
      before: { a: { b: [1, 2] } },
      after: { a: { b: [1, 2] } },
      differences: []
    },
    {
      what: "something deep inside, by the top field",
      before: { a: { b: [1, 2] } },
      after: { a: { b: [1, 3] } },
      differences: [{ field: "a", from: { b: [1, 2] }, to: { b: [1, 3] } }]
    },
    {
      what: "an array that became longer",
      before: { a: [1] },
      after: { a: [1, 2] },
      differences: [{ field: "a", from: [1], to: [1, 2] }]
    },
    {
      what: "an array for an object of the same keys",
      before: { a: ["x"] },
      after: { a: { 0: "x" } },
      differences: [{ field: "a", from: ["x"], to: { 0: "x" } }]
    },
    {
      what: "a state that is no object",
      before: "draft",
      after: "sent",
      differences: [{ field: "value", from: "draft", to: "sent" }]
    },
    { what: "an equal Option", before: { a: Option.some(1) }, after: { a: Option.some(1) }, differences: [] },
    {
      what: "an equal HashMap",
      before: { a: HashMap.make(["k", 1]) },
      after: { a: HashMap.make(["k", 1]) },
      differences: []
    }
  ])("$what", ({ after, before, differences }) => {
    expect(Difference.between(before, after)).toEqual(differences)
  })

  it("another HashMap, another Map, another date are differences", () => {
    const fields = (before: unknown, after: unknown) => Difference.between({ a: before }, { a: after })
    expect(fields(HashMap.make(["k", 1]), HashMap.make(["k", 2]))).toHaveLength(1)
    expect(fields(new Map([["k", 1]]), new Map([["k", 2]]))).toHaveLength(1)
    expect(fields(new Date(1), new Date(2))).toHaveLength(1)
    expect(fields(new Date(1), new Date(1))).toHaveLength(0)
  })
})
