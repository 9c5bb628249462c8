import { Commit, Expected, Limits, StreamName } from "everfold"
import { describe, expect, it } from "vitest"

const event = { type: "Noted", revision: 1, payload: "{}" }
const part = (stream: string, ...payloads: ReadonlyArray<string>) => ({
  stream,
  expected: Expected.any,
  events: payloads.map((payload) => ({ ...event, payload }))
})
const commit = (...parts: ReadonlyArray<Commit.Part>) => ({ id: "c1", metadata: {}, parts })
const place = { kind: "parked", key: "A-1", order: 1 }
const step = (change: Partial<Commit.Advance>): Commit.Commit => ({
  ...commit(),
  id: "",
  advance: { subscriber: "s", from: 0, to: 1, ...change }
})
const keeping = (...values: ReadonlyArray<string>) =>
  values.map((value, order) => ({ ...place, order, value }))
const limits = {
  ...Limits.Current.defaultValue(),
  eventBytes: 12,
  metadataBytes: 30,
  commitEvents: 3,
  commitBytes: 20
}
const problem = (commit: Commit.Commit) => Commit.problem(commit, limits)

describe("a commit that no store may take", () => {
  it.each<[what: string, commit: Commit.Commit, details: string]>([
    [
      "an event without an id",
      { ...commit(part("A-1", "{}")), id: "" },
      '"" is no command id: 1 to 200 printable characters'
    ],
    [
      "a stream without a name",
      commit(part("A-1", "{}"), part("a b")),
      `"a b" is no stream name: ${StreamName.rule}`
    ],
    [
      "two parts for one stream",
      commit(part("A-1", "{}"), part("A-1")),
      'stream "A-1" has two parts in one commit'
    ],
    [
      "a type with half a character",
      commit({ ...part("A-1"), events: [{ ...event, type: "Half \ud83d" }] }),
      "an event of type Half \ud83d has text that is not Unicode"
    ],
    [
      "a payload with half a character",
      commit(part("A-1", "{}"), part("A-2", '"\udc00"')),
      "an event of type Noted has text that is not Unicode"
    ]
  ])("%s", (_, commit, details) => {
    expect(problem(commit)).toEqual({ reason: "Invalid", details })
  })

  const halves: ReadonlyArray<Partial<Commit.Advance>> = [
    { subscriber: "half \ud83d" },
    ...[{ kind: "\ud83d" }, { key: "\udc00" }, { value: '"\ud83d"' }].map((change) => ({
      keep: [...keeping("1"), { ...place, value: "1", ...change }]
    })),
    ...[{ kind: "\ud83d" }, { key: "\udc00" }].map((change) => ({ drop: [place, { ...place, ...change }] })),
    // Two halves are no character where they stand in two texts.
    { keep: [{ ...place, kind: "\ud83d", key: "\ude00", value: "1" }] },
    { keep: [{ ...place, key: "\ud83d", value: "\ude00" }] },
    { drop: [{ ...place, kind: "\ud83d", key: "\ude00" }] }
  ]
  it.each(halves)("a step with half a character: %j", (change) => {
    expect(problem(step(change))).toEqual({
      reason: "Invalid",
      details: "a step has text that is not Unicode"
    })
  })

  it.each([-1, 0.5, NaN, Infinity, 2 ** 53])("an epoch or an order of %d", (n) => {
    const details = "a step has an epoch or an order that is no whole number from 0"
    expect(problem(step({ epoch: n }))).toEqual({ reason: "Invalid", details })
    expect(problem(step({ drop: [{ ...place, order: n }] }))).toEqual({ reason: "Invalid", details })
    const keep = [{ ...place, order: n, value: "1" }]
    expect(problem(step({ keep }))).toEqual({ reason: "Invalid", details })
  })

  it.each(["c\u0000", "\n", "a\u007f", "\u0085", "half \ud83d", "x".repeat(201), "😀".repeat(201)])(
    "the id %j",
    (id) => {
      expect(problem({ ...commit(), id })?.reason).toBe("Invalid")
    }
  )
})

describe("a commit that every store takes", () => {
  it.each<[what: string, commit: Commit.Commit]>([
    ["nothing", { ...commit(), id: "" }],
    ["a check without an id", { ...commit(part("A-1")), id: "" }],
    ["several streams", commit(part("A-1", "1", "2"), part("A-2", "3"), part("A-3"))],
    ["a letter that looks like two", commit(part("A-1", '"e\u0301"'))],
    ["a step from where it is", step({ to: 0, epoch: 0 })],
    ["the latest of all notes", step({ epoch: 2 ** 53 - 1, drop: [{ ...place, order: 2 ** 53 - 1 }] })],
    ["a note of nothing", step({ subscriber: "", keep: [{ kind: "", key: "", order: 0, value: "" }] })],
    ["text of all sorts", step({ keep: [{ ...place, kind: "' \"", key: "\u0000 😀", value: '"\n"' }] })]
  ])("%s", (_, commit) => {
    expect(problem(commit)).toBeUndefined()
  })

  it.each(["c", "a#0", "' \" %_\\", "\u00e4", "😀".repeat(200), "日本語"])("the id %j", (id) => {
    expect(problem({ ...commit(part("A-1", "{}")), id })).toBeUndefined()
  })
})

describe("the limits of a commit", () => {
  // One letter of one, two, three and four bytes each makes ten; of the last, UTF-16 has two units.
  const ten = "xé語😀"

  it.each<[what: string, fits: Commit.Commit, beyond: Commit.Commit, details: string]>([
    [
      "the payload of an event",
      commit(part("A-1", `"${ten}"`)),
      commit(part("A-1", "{}"), part("A-2", `"${ten}x"`)),
      "an event of type Noted has 13 bytes; the limit is 12"
    ],
    [
      "the metadata",
      { ...commit(), metadata: { actor: `${ten}12345678` } },
      { ...commit(), metadata: { actor: `${ten}123456789` } },
      "the metadata has 31 bytes; the limit is 30"
    ],
    [
      "the events",
      commit(part("A-1", "1", "2"), part("A-2", "3")),
      commit(part("A-1", "1", "2"), part("A-2", "3", "4")),
      "a commit has 4 events; the limit is 3"
    ],
    [
      "the payloads together",
      commit(part("A-1", ten), part("A-2", ten)),
      commit(part("A-1", ten), part("A-2", ten, "1")),
      "a commit has 21 bytes; the limit is 20"
    ],
    [
      "the notes of a step",
      step({ keep: keeping("1", "2"), drop: [place] }),
      step({ keep: keeping("1", "2"), drop: [place, place] }),
      "a step has 4 notes; the limit is 3"
    ],
    [
      "the notes of a step together",
      step({ keep: keeping(ten, ten) }),
      step({ keep: keeping(ten, ten, "1") }),
      "a step has 21 bytes of notes; the limit is 20"
    ],
    [
      "the payloads, beside notes",
      { ...step({ keep: keeping(ten, ten) }), id: "c1", parts: [part("A-1", ten), part("A-2", ten)] },
      { ...step({ keep: keeping(ten, ten) }), id: "c1", parts: [part("A-1", ten), part("A-2", ten, "1")] },
      "a commit has 21 bytes; the limit is 20"
    ]
  ])("%s", (_, fits, beyond, details) => {
    expect(problem(fits)).toBeUndefined()
    expect(problem(beyond)).toEqual({ reason: "TooLarge", details })
  })

  it("what is too large is told after what is invalid", () => {
    expect(problem(commit(part("A-1", "x".repeat(99)), part("A-1")))?.reason).toBe("Invalid")
    expect(problem(step({ keep: [...keeping("x".repeat(99)), { ...place, order: -1, value: "" }] }))).toEqual(
      {
        reason: "Invalid",
        details: "a step has an epoch or an order that is no whole number from 0"
      }
    )
  })

  it("are these by default", () => {
    expect(Limits.Current.defaultValue()).toMatchObject({
      eventBytes: 262_144,
      metadataBytes: 16_384,
      commitEvents: 500,
      commitBytes: 4_194_304
    })
  })
})

describe("a commit", () => {
  it("has a size: the bytes of its payloads, and of the notes that are kept with it", () => {
    expect(Commit.size(commit(part("A-1", "{}", "語"), part("A-2"), part("A-3", "😀")))).toBe(9)
    expect(Commit.size(commit())).toBe(0)
    expect(Commit.size(step({ keep: keeping("{}", "語"), drop: [place] }))).toBe(5)
    expect(Commit.size({ ...step({ keep: keeping("語") }), parts: [part("A-1", "😀")] })).toBe(7)
  })

  it("gives its events ids that no other commit can give", () => {
    expect([0, 1, 10].map((n) => Commit.eventId("c1", n))).toEqual(["c1#0", "c1#1", "c1#10"])
    const ids = ["c1", "c1#", "c1#1", "c1#1#1", "c1#11", "c11"]
    const events = ids.flatMap((id) => Array.from({ length: 112 }, (_, n) => Commit.eventId(id, n)))
    expect(new Set(events).size).toBe(events.length)
  })
})

describe("Expected", () => {
  const all = [
    Expected.any,
    Expected.noStream,
    Expected.streamExists,
    Expected.exactly(0),
    Expected.exactly(2),
    Expected.exactly(2, "b#0"),
    Expected.exactly(0, "b#0")
  ]

  it.each<[end: Expected.End, holds: ReadonlyArray<boolean>]>([
    [{ version: 0 }, [true, true, false, true, false, false, false]],
    [{ version: 1, last: "b#0" }, [true, false, true, false, false, false, false]],
    [{ version: 2, last: "b#0" }, [true, false, true, false, true, true, false]],
    [{ version: 2, last: "b#1" }, [true, false, true, false, true, false, false]],
    [{ version: 2 }, [true, false, true, false, true, false, false]],
    [{ version: 3, last: "b#0" }, [true, false, true, false, false, false, false]]
  ])("at %j", (end, holds) => {
    expect(all.map((expected) => Expected.holds(expected, end))).toEqual(holds)
  })

  it("says itself in words", () => {
    expect(all.map(Expected.describe)).toEqual([
      ...["Any", "NoStream", "StreamExists", "version 0", "version 2"],
      ...["version 2 (event b#0)", "version 0 (event b#0)"]
    ])
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
