import { Message, Revisions } from "everfold"
import { SchemaLock } from "everfold/testing"
import * as Arbitrary from "effect/Arbitrary"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { isDeepStrictEqual } from "node:util"
import { describe, expect, it } from "vitest"
import { allowed, breaking, type Mutation, same } from "./changes.ts"

const state = Schema.Struct({})

const lockOf = (events: Message.List, commands: Message.List = []) =>
  SchemaLock.make({ aggregates: [{ name: "Thing", events, commands, state }] })

const event = (fields: Schema.Struct.Fields) =>
  Schema.make<Message.Tagged, unknown>(Schema.TaggedStruct("E", fields).ast)
const changesOf = ({ now, was }: Mutation) => SchemaLock.changes(lockOf([event(was)]), lockOf([event(now)]))
const verdictsOf = (mutation: Mutation) => [...new Set(changesOf(mutation).map(({ verdict }) => verdict))]

/** What a payload means, without what is not stored. */
const meaningOf = (fields: Schema.Struct.Fields, payload: object) =>
  Schema.decodeUnknownEither(event(fields))({ ...payload, _tag: "E" })
const survives = ({ now, was }: Mutation, payload: object): boolean => {
  const before = Either.getOrThrow(meaningOf(was, payload))
  const after = meaningOf(now, payload)
  return Either.isRight(after) && isDeepStrictEqual(after.right, before)
}

const title = "$change, on the $side side"

describe("a change that is breaking", () => {
  it.each(breaking)(title, (mutation) => {
    expect(verdictsOf(mutation)).toContain("breaking")
  })

  it.each(breaking)(`really breaks something: ${title}`, (mutation) => {
    expect(survives(mutation, mutation.lost ?? {})).toBe(false)
  })

  it.each(breaking)("is only mentioned of a command: $change", ({ now, was }) => {
    const changes = SchemaLock.changes(lockOf([], [event(was)]), lockOf([], [event(now)]))
    expect(new Set(changes.map(({ verdict }) => verdict))).toEqual(new Set(["allowed"]))
  })
})

describe("a change that is allowed", () => {
  it.each(allowed)(title, (mutation) => {
    expect(verdictsOf(mutation)).toEqual(["allowed"])
  })

  it.each(allowed)(`loses nothing: ${title}`, (mutation) => {
    const encode = Schema.encodeSync(event(mutation.was))
    FastCheck.assert(
      FastCheck.property(Arbitrary.make(event(mutation.was)), (value) => {
        const payload: unknown = JSON.parse(JSON.stringify(encode(value)))
        return typeof payload === "object" && payload !== null && survives(mutation, payload)
      })
    )
  })
})

it.each(same)("is no change: $change", (mutation) => {
  expect(changesOf(mutation)).toEqual([{ verdict: "same", line: "event E revision 1 is the same" }])
})

describe("a line", () => {
  const line = (mutation: Pick<Mutation, "was" | "now">) =>
    changesOf({ change: "", side: "wire", ...mutation }).map(({ line }) => line)

  it.each([
    {
      was: { stock: Schema.Int.pipe(Schema.nonNegative()) },
      now: { stock: Schema.Int.pipe(Schema.greaterThanOrEqualTo(1)) },
      says: '"stock" was an integer from 0, now an integer from 1: 0 was accepted and is refused'
    },
    {
      was: { price: Schema.Struct({ currency: Schema.Literal("EUR", "CHF") }) },
      now: { price: Schema.Struct({ currency: Schema.Literal("EUR") }) },
      says: '"price.currency" was "CHF" or "EUR", now "EUR": "CHF" was accepted and is refused'
    },
    {
      was: { note: Schema.String },
      now: {},
      says: '"note" is gone: what is stored there would be dropped'
    },
    {
      was: { name: Schema.String },
      now: { name: Schema.String.pipe(Schema.length({ min: 1, max: 9 }), Schema.pattern(/^a/)) },
      says:
        '"name" was a text, now a text of 1 to 9 characters like ^a: a length of 0 was accepted and is refused, ' +
        "a length of 10 was accepted and is refused, nothing says that everything that was accepted would match ^a"
    }
  ])("$says", ({ now, says, was }) => {
    expect(line({ was, now })).toEqual([`event E revision 1: ${says}`])
  })
})

describe("the forms of an event", () => {
  const first = Schema.TaggedStruct("Paid", { euros: Schema.Number })
  class Paid extends Message.Struct<Paid>()("Paid", { cents: Schema.Int }) {}
  class Again extends Message.Struct<Again>()(
    "Paid",
    { cents: Schema.Int },
    Revisions.first(first).now(({ euros }) => ({ cents: Math.round(euros * 100) }))
  ) {}
  class Received extends Message.Struct<Received>()(
    "Received",
    { cents: Schema.Int },
    Revisions.first(first).now(({ euros }) => ({ cents: Math.round(euros * 100) }))
  ) {}
  const released = lockOf([first])
  const breaks = (...events: Message.List) =>
    SchemaLock.changes(released, lockOf(events))
      .filter(({ verdict }) => verdict === "breaking")
      .map(({ line }) => line)

  it("must not change without a revision", () => {
    expect(breaks(Paid)).toHaveLength(2)
  })

  it("may have another one after it", () => {
    expect(SchemaLock.changes(released, lockOf([Again]))).toEqual([
      { verdict: "same", line: "event Paid revision 1 is the same" },
      { verdict: "added", line: "event Paid revision 2 is new" }
    ])
  })

  it("may belong to an event of another name, or to none", () => {
    expect(breaks(Received)).toEqual([])
    expect(breaks(Revisions.dropped(first))).toEqual([])
  })

  it("must not be gone", () => {
    expect(breaks()).toEqual(["event Paid revision 1 is gone: what is stored of it could not be read"])
  })

  it("are one for each name and revision", () => {
    const other = Revisions.first(Schema.TaggedStruct("Paid", { euros: Schema.Int }))
    class Sent extends Message.Struct<Sent>()(
      "Sent",
      {},
      other.now(() => undefined)
    ) {}
    expect(() => lockOf([Again, Sent])).toThrow(new TypeError("event Paid revision 1 has two shapes"))
  })
})

describe("the text of a lock", () => {
  const lock = lockOf(
    [...breaking, ...allowed].flatMap(({ now, was }, n) => [
      Schema.make<Message.Tagged, unknown>(Schema.TaggedStruct(`Was${n}`, was).ast),
      Schema.make<Message.Tagged, unknown>(Schema.TaggedStruct(`Now${n}`, now).ast)
    ])
  )

  it("says everything that is in it, in the same way every time", () => {
    const read = Either.getOrThrow(SchemaLock.parse(SchemaLock.print(lock)))
    expect(SchemaLock.print(read)).toBe(SchemaLock.print(lock))
    expect(SchemaLock.changes(lock, read).filter(({ verdict }) => verdict !== "same")).toEqual([])
  })

  it("is refused when it says something else", () => {
    expect(Either.isLeft(SchemaLock.parse('{"event":{},"command":{},"row":{}}'))).toBe(true)
    const typo = '{"event":{"E":{"1":{"tipe":"string"}}},"command":{},"row":{},"state":{}}'
    expect(Either.isLeft(SchemaLock.parse(typo))).toBe(true)
  })
})

it("holds states that are kept, under the version of their author, and rows", () => {
  const aggregate = { name: "Thing", events: [], commands: [], state: Schema.Struct({ n: Schema.Int }) }
  const { row, state } = SchemaLock.make({
    aggregates: [
      { ...aggregate, snapshot: { version: 3 } },
      { ...aggregate, name: "Other" }
    ],
    rows: [{ projection: { name: "rows", version: 2 }, row: Schema.Struct({ n: Schema.String }) }]
  })
  const n = (type: object) => ({ type: "object", properties: { n: type }, required: ["n"] })
  expect(state).toEqual({ Thing: { 3: n({ type: "number", accepts: { integer: true } }) } })
  expect(row).toEqual({ rows: { 2: n({ type: "string" }) } })
})
