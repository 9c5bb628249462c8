import { type Commit, Note, Steps } from "everfold"
import * as FastCheck from "effect/FastCheck"
import { describe, expect, it } from "vitest"

const { array, assert, constantFrom, integer, property, record, string } = FastCheck

/** What a subscriber has: where it is, and its notes in no particular order. */
interface Home {
  readonly position: number
  readonly epoch: number
  readonly notes: ReadonlyArray<Note.Note>
}
type Homes = ReadonlyMap<string, Home>

const nobody: Home = { position: 0, epoch: 0, notes: [] }
const homeOf = (homes: Homes, subscriber: string) => homes.get(subscriber) ?? nobody

const isAt = (one: Note.Place) => (other: Note.Place) =>
  one.kind === other.kind && one.key === other.key && one.order === other.order

const isRefused = ({ epoch, notes, position }: Home, advance: Commit.Advance): boolean =>
  advance.from !== position ||
  (advance.epoch !== undefined && advance.epoch < epoch) ||
  (advance.drop ?? []).some((place) => !notes.some(isAt(place)))

/** What a subscriber has after a step, in the words of the port. */
const moved = (home: Home, { drop = [], epoch = home.epoch, keep = [], to }: Commit.Advance): Home => {
  const left = home.notes.filter((note) => !drop.some(isAt(note)))
  const notes = keep.reduce((all, note) => [...all.filter((other) => !isAt(note)(other)), note], left)
  return { position: to, epoch, notes }
}

const after = (homes: Homes, advance: Commit.Advance): Homes =>
  new Map([...homes, [advance.subscriber, moved(homeOf(homes, advance.subscriber), advance)]])

/** The homes after those steps that are not refused, and which of them are. */
const foretold = (homes: Homes, advances: ReadonlyArray<Commit.Advance>) =>
  advances.reduce(
    ({ homes, refused }, advance) => {
      const isOne = isRefused(homeOf(homes, advance.subscriber), advance)
      return { homes: isOne ? homes : after(homes, advance), refused: [...refused, isOne] }
    },
    { homes, refused: new Array<boolean>() }
  )

const factsOf = (homes: Homes): Steps.Facts => ({
  checkpoints: new Map([...homes].map(([name, { epoch, position }]) => [name, { epoch, position }])),
  notes: new Set([...homes].flatMap(([name, { notes }]) => notes.map((note) => Steps.noteOf(name, note))))
})

/** Tries steps one after the other on the same facts, and takes those that are due. */
const taken = (facts: Steps.Facts, advances: ReadonlyArray<Commit.Advance>) => {
  const steps = Steps.of(facts)
  const refused = advances.map((advance) => {
    const isDue = steps.isDue(advance)
    if (isDue) steps.take(advance)
    return !isDue
  })
  return { refused, steps: steps.taken }
}

// Few of each, so that steps meet each other.
const place = {
  kind: constantFrom("parked", "state"),
  key: constantFrom("A-1", "A-2"),
  order: constantFrom(0, 1)
}
const step: FastCheck.Arbitrary<Commit.Advance> = record(
  {
    subscriber: constantFrom("s", "t"),
    from: constantFrom(0, 0, 0, 1),
    to: constantFrom(0, 0, 0, 1),
    epoch: constantFrom(0, 1, 1, 2),
    keep: array(record({ ...place, value: constantFrom("1", "2") }), { maxLength: 4 }),
    drop: array(record(place), { maxLength: 3 })
  },
  { requiredKeys: ["subscriber", "from", "to"] }
)
/** Mostly of subscribers who know where they are and what they have. */
const history = array(FastCheck.tuple(step, constantFrom(true, true, true, false)), {
  maxLength: 20,
  size: "max"
}).map((steps) =>
  steps.reduce<ReadonlyArray<Commit.Advance>>((before, [advance, knows]) => {
    const { notes, position } = homeOf(foretold(new Map(), before).homes, advance.subscriber)
    const drop = (advance.drop ?? []).filter((place) => notes.some(isAt(place)))
    return [...before, knows ? { ...advance, from: position, drop } : advance]
  }, [])
)
const runs = { numRuns: 1000 }

describe("steps one after the other", () => {
  it("are refused and leave behind what the port says", () => {
    const counts = { refused: 0, taken: 0, dropped: 0 }
    assert(
      property(history, (advances) => {
        const expected = foretold(new Map(), advances)
        const { refused, steps } = taken(factsOf(new Map()), advances)
        expect(refused).toEqual(expected.refused)
        // What a store does with a step that is taken asks nothing any more.
        expect(steps.reduce(after, new Map())).toEqual(expected.homes)
        counts.refused += refused.filter(Boolean).length
        counts.taken += steps.length
        counts.dropped += steps.flatMap(({ drop }) => drop).length
      }),
      runs
    )
    const total = counts.refused + counts.taken
    for (const [what, count] of Object.entries(counts)) expect(count / total, what).toBeGreaterThan(0.1)
  })

  it("do the same at once, and each with a look at what the one before has left", () => {
    assert(
      property(history, integer({ min: 0, max: 20 }), (advances, size) => {
        const all = foretold(new Map(), advances)
        const before = foretold(new Map(), advances.slice(0, size))
        const { refused, steps } = taken(factsOf(before.homes), advances.slice(size))
        expect([...before.refused, ...refused]).toEqual(all.refused)
        expect(steps.reduce(after, before.homes)).toEqual(all.homes)
      }),
      runs
    )
  })

  it("leave the facts and the steps as they were", () => {
    assert(
      property(history, history, (before, advances) => {
        const facts = factsOf(foretold(new Map(), before).homes)
        const copies = structuredClone({ facts, advances })
        taken(facts, advances)
        expect({ facts, advances }).toEqual(copies)
      }),
      runs
    )
  })

  it("say what they leave, also where they leave it as it is", () => {
    const facts = { checkpoints: new Map([["s", { position: 5, epoch: 3 }]]), notes: new Set<string>() }
    const { steps } = taken(facts, [
      { subscriber: "s", from: 5, to: 6 },
      { subscriber: "s", from: 6, to: 6, epoch: 4 },
      { subscriber: "s", from: 6, to: 7 }
    ])
    expect(steps).toEqual([
      { subscriber: "s", from: 5, to: 6, epoch: 3, keep: [], drop: [] },
      { subscriber: "s", from: 6, to: 6, epoch: 4, keep: [], drop: [] },
      { subscriber: "s", from: 6, to: 7, epoch: 4, keep: [], drop: [] }
    ])
  })
})

describe("the name of a note", () => {
  it("is that of one subscriber's place only, whatever letters are in it", () => {
    const text = string({ unit: constantFrom('"', "\\", ",", " ", "[", "]", "1"), maxLength: 8 })
    assert(
      property(text, (text) => {
        // A text can be cut in two places in many ways, and no two of them are the same place.
        const places = cuts(text).flatMap(([subscriber, rest]) =>
          cuts(rest).map(([kind, key]) => ({ subscriber, kind, key, order: 1 }))
        )
        // Nor is a subscriber whose name ends like that of a note.
        const longer = places.map((place) => ({
          ...place,
          subscriber: Steps.noteOf(place.subscriber, place)
        }))
        const names = [...places, ...longer].map((place) => Steps.noteOf(place.subscriber, place))
        const all = [...places, ...longer].map(({ key, kind, subscriber }) =>
          [subscriber, kind, key].map(encodeURIComponent).join("/")
        )
        expect(new Set(names).size).toBe(new Set(all).size)
      }),
      runs
    )
  })

  it("has the order in it", () => {
    const place = { kind: "parked", key: "A-1" }
    const names = [0, 1, 10, 11, 2 ** 53 - 1].map((order) => Steps.noteOf("s", { ...place, order }))
    expect(new Set(names).size).toBe(5)
  })
})

/** All ways to cut a text in two. */
const cuts = (text: string) =>
  Array.from({ length: text.length + 1 }, (_, at) => [text.slice(0, at), text.slice(at)] as const)
