import { Continuity, type Event } from "everfold"
import { describe, expect, it } from "vitest"

const stored: Event.Stored = {
  position: 8,
  stream: "Product-1",
  version: 3,
  id: "command#1",
  type: "Changed",
  revision: 1,
  recordedAt: 1000,
  payload: "{}",
  metadata: "{}"
}
const before: Event.Stored = { ...stored, position: 7, stream: "Product-2", version: 1, id: "command#0" }
const found: Continuity.Found = { stored, previous: 4, damage: undefined }
const first: Continuity.Found = {
  stored: { ...stored, position: 1, version: 1, id: "command#0" },
  previous: undefined,
  damage: undefined
}

describe("an event can follow another", () => {
  it.each<readonly [string, Event.Stored | undefined, Continuity.Found]>([
    ["the first of the log", undefined, first],
    ["the next of a commit", before, found],
    ["the first of the next commit", before, { ...found, stored: { ...stored, id: "other#0" } }],
    ["the first of its stream", before, { ...found, stored: { ...stored, version: 1 }, previous: undefined }],
    [
      "a commit whose id has the sign in it",
      { ...before, id: "a#1#9" },
      { ...found, stored: { ...stored, id: "a#1#10" } }
    ],
    ["later", { ...before, recordedAt: 1 }, found],
    // That one is wrong, and this one is not.
    [
      "a first version, and another claims to come before it",
      before,
      { ...found, stored: { ...stored, version: 1 }, previous: 9 }
    ]
  ])("%s", (_, before, found) => expect(Continuity.problem(before, found)).toBeUndefined())
})

describe("an event cannot follow another", () => {
  const other = (change: Partial<Event.Stored>, previous: number | undefined = 4): Continuity.Found => ({
    ...found,
    stored: { ...stored, ...change },
    previous
  })

  it.each<readonly [string, Event.Stored | undefined, Continuity.Found, string]>([
    ["a gap", before, other({ position: 9 }), "it stands where position 8 is expected"],
    ["the same position", before, other({ position: 7 }), "it stands where position 8 is expected"],
    ["no beginning", undefined, other({ position: 2 }), "it stands where position 1 is expected"],
    ["a negative position", undefined, other({ position: -1 }), "it stands where position 1 is expected"],
    ["damage", before, { ...found, damage: "the store says so" }, "the store says so"],
    [
      "no version before",
      before,
      { ...found, previous: undefined },
      "no version 2 of its stream comes before it"
    ],
    ["the version before is later", before, other({}, 9), "no version 2 of its stream comes before it"],
    ["the version before is itself", before, other({}, 8), "no version 2 of its stream comes before it"],
    ["version 0", before, { ...other({ version: 0 }), previous: undefined }, "its stream begins elsewhere"],
    ["version 1 with a version 0", before, other({ version: 1 }), "its stream begins elsewhere"],
    [
      "a time that goes back",
      { ...before, recordedAt: 1007 },
      found,
      "it was recorded 7 ms before the event that it follows"
    ],
    [
      "an id without a number",
      before,
      other({ id: "command" }),
      'its id "command" is not that of a commit and a number'
    ],
    [
      "an id without a commit",
      before,
      other({ id: "#0" }),
      'its id "#0" is not that of a commit and a number'
    ],
    [
      "a number with zeros",
      before,
      other({ id: "command#01" }),
      'its id "command#01" is not that of a commit and a number'
    ],
    [
      "a number left out",
      before,
      other({ id: "command#2" }),
      "it is number 2 of its commit, and number 1 is not before it"
    ],
    [
      "a commit torn by another",
      { ...before, id: "other#0" },
      found,
      "it is number 1 of its commit, and number 0 is not before it"
    ],
    [
      "a log that begins within a commit",
      undefined,
      { ...first, stored: { ...first.stored, id: "command#1" } },
      "it is number 1 of its commit, and number 0 is not before it"
    ]
  ])("%s", (_, before, found, problem) => expect(Continuity.problem(before, found)).toBe(problem))
})
