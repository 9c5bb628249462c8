import { Commit, Expected, StreamName } from "everfold"
import { describe, expect, it } from "vitest"

const event = (id: string) => ({ id, type: "Noted", revision: 1, payload: "{}" })
const part = (stream: string, ...ids: ReadonlyArray<string>) => ({
  stream,
  expected: Expected.any,
  events: ids.map(event)
})

describe("a commit that no store may take", () => {
  it.each([
    { what: "nothing", parts: [], problem: undefined },
    { what: "several streams", parts: [part("A-1", "1", "2"), part("A-2", "3")], problem: undefined },
    { what: "a mere check", parts: [part("A-1")], problem: undefined },
    {
      what: "a stream without a name",
      parts: [part("A-1", "1"), part("a b")],
      problem: /^"a b" is no stream name: /
    },
    {
      what: "two parts for one stream",
      parts: [part("A-1", "1"), part("A-1", "2")],
      problem: 'stream "A-1" has two parts in one commit'
    },
    {
      what: "an id twice in a part",
      parts: [part("A-1", "1", "1")],
      problem: "event id 1 occurs twice in one commit"
    },
    {
      what: "an id twice in two parts",
      parts: [part("A-1", "1"), part("A-2", "1")],
      problem: "event id 1 occurs twice in one commit"
    },
    {
      what: "an id with half a character",
      parts: [part("A-1", "half \ud83d")],
      problem: "event half \ud83d has text that is not Unicode"
    },
    {
      what: "a payload with half a character",
      parts: [{ ...part("A-1"), events: [{ ...event("1"), payload: '{"text":"\udc00"}' }] }],
      problem: "event 1 has text that is not Unicode"
    }
  ])("$what", ({ parts, problem }) => {
    const found = Commit.problem({ metadata: {}, parts })
    if (problem instanceof RegExp) expect(found).toMatch(problem)
    else expect(found).toBe(problem)
  })
})

describe("Expected", () => {
  const all = [
    Expected.any,
    Expected.noStream,
    Expected.streamExists,
    Expected.exactly(0),
    Expected.exactly(2)
  ]

  it("holds for these versions", () => {
    expect([0, 1, 2, 3].map((version) => all.map((expected) => Expected.holds(expected, version)))).toEqual([
      [true, true, false, true, false],
      [true, false, true, false, false],
      [true, false, true, false, true],
      [true, false, true, false, false]
    ])
  })

  it("says itself in words", () => {
    expect(all.map(Expected.describe)).toEqual(["Any", "NoStream", "StreamExists", "version 0", "version 2"])
  })
})

describe("a stream name", () => {
  it.each([
    "Account-alice",
    "A-1",
    "Order_2-a-b-c",
    "Letter-alice.2",
    "X-urn:uuid:1",
    `A-${"x".repeat(198)}`
  ])("%s", (stream) => {
    expect(StreamName.isValid(stream)).toBe(true)
  })

  it.each([
    "",
    "-",
    "A",
    "A-",
    "-1",
    "1A-1",
    "A b-1",
    "A-b c",
    "A-ü",
    "A-1\n",
    "A-a/b",
    `A-${"x".repeat(199)}`
  ])("not %j", (stream) => {
    expect(StreamName.isValid(stream)).toBe(false)
  })

  it("its category stands before the first -", () => {
    expect(StreamName.category("Order_2-a-b-c")).toBe("Order_2")
  })
})
