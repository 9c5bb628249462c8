import { Event, EventCodec, Message } from "everfold"
import * as Arbitrary from "effect/Arbitrary"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { Account, deposited, Deposited, Noted, withdrawn } from "../Bank.ts"

const place = { id: "id", stream: "Account-alice", version: 3, position: 7, recordedAt: 5 }

const stored = (type: string, payload: string, more: Partial<Event.Stored> = {}): Event.Stored => ({
  ...place,
  type,
  revision: 1,
  payload,
  metadata: "{}",
  ...more
})

/** What was decoded, where an event means itself. */
const only = <A>(result: Either.Either<ReadonlyArray<A>, unknown>): A => {
  const [one, ...others] = Either.getOrThrow(result)
  if (one === undefined || others.length > 0) throw new Error("not one event")
  return one
}

const codec = EventCodec.make([...Account.events, Noted])

describe("what is written is what is read", () => {
  class Everything extends Message.Struct<Everything>()("Everything", {
    text: Schema.String,
    number: Schema.Number,
    maybe: Schema.NullOr(Schema.Number),
    absent: Schema.optionalWith(Schema.String, { exact: true }),
    option: Schema.OptionFromNullOr(Schema.String),
    date: Schema.Date,
    big: Schema.BigInt,
    list: Schema.Array(Schema.Struct({ a: Schema.Int, b: Schema.Boolean })),
    union: Schema.Union(
      Schema.TaggedStruct("A", { a: Schema.String }),
      Schema.TaggedStruct("B", { b: Schema.Int })
    ),
    record: Schema.Record({ key: Schema.String, value: Schema.String }),
    set: Schema.Set(Schema.String),
    bytes: Schema.Uint8Array
  }) {}
  class Classy extends Schema.TaggedClass<Classy>()("Classy", {
    amount: Schema.Number,
    name: Schema.String
  }) {}

  const roundTrip = <E extends Message.Tagged, I>(schema: Schema.Schema<E, I>) => {
    const one = EventCodec.make([schema])
    const same = Schema.equivalence(schema)
    let accepted = 0
    FastCheck.assert(
      FastCheck.property(Arbitrary.make(schema), (event) => {
        const encoded = one.encode(event)
        if (Either.isLeft(encoded)) {
          expect(encoded.left.reason).toBe("InvalidEvent")
          return
        }
        accepted += 1
        const { event: read } = only(one.decode({ ...place, ...encoded.right, metadata: "{}" }))
        if (!same(read, event)) throw new Error(`something else was read from ${encoded.right.payload}`)
      }),
      { numRuns: 500 }
    )
    return accepted
  }

  // NaN, Infinity and dates that are none are met, and must be refused; most events are not.
  it("for a message of all kinds of fields", () => expect(roundTrip(Everything)).toBeGreaterThan(50))
  it("for a class", () => expect(roundTrip(Classy)).toBeGreaterThan(50))
  it("for a message of the bank", () => expect(roundTrip(Deposited)).toBe(500))

  it("the type stands beside the payload, not in it", () => {
    expect(codec.encode(deposited("alice", 5))).toEqual(
      Either.right({ type: "Deposited", revision: 1, payload: '{"accountId":"alice","amount":5}' })
    )
    expect(codec.types).toEqual(["Deposited", "Withdrawn", "Noted"])
  })

  it("decode gives the event with its envelope and its metadata", () => {
    const metadata = { correlationId: "c", causationId: "b", commandId: "a", actor: "alice" }
    const payload = '{"accountId":"alice","amount":5}'
    expect(codec.decode(stored("Withdrawn", payload, { metadata: JSON.stringify(metadata) }))).toEqual(
      Either.right([{ ...place, revision: 1, metadata, event: withdrawn("alice", 5) }])
    )
  })
})

describe("nothing is written that could not be read", () => {
  it("a key that a Schema would lose", () => {
    class Tagged extends Message.Struct<Tagged>()("Tagged", {
      tags: Schema.Record({ key: Schema.String, value: Schema.String })
    }) {}
    const event = { _tag: "Tagged" as const, tags: JSON.parse('{"__proto__":"lost"}') }
    const result = EventCodec.make([Tagged]).encode(event)
    expect(Either.isLeft(result) && result.left.reason).toBe("InvalidEvent")
  })

  class Measured extends Message.Struct<Measured>()("Measured", {
    value: Schema.Number,
    maybe: Schema.optional(Schema.NullOr(Schema.Number))
  }) {}
  const measured = EventCodec.make([Measured])

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("%d as a number", (value) => {
    const result = measured.encode({ _tag: "Measured", value })
    expect(Either.isLeft(result) && result.left).toMatchObject({ reason: "InvalidEvent", type: "Measured" })
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("%d where null would be valid too", (maybe) => {
    const result = measured.encode({ _tag: "Measured", value: 1, maybe })
    expect(Either.isLeft(result) && result.left.reason).toBe("InvalidEvent")
  })

  it.each([
    { what: "an invalid plain object", event: { _tag: "Deposited", accountId: "alice", amount: -1 } },
    { what: "a missing field", event: { _tag: "Deposited", accountId: "alice" } },
    { what: "a field of another type", event: { _tag: "Deposited", accountId: 5, amount: 1 } }
  ])("$what", ({ event }) => {
    const result = codec.encode(event as Deposited)
    expect(Either.isLeft(result) && result.left).toMatchObject({ reason: "InvalidEvent", type: "Deposited" })
  })

  it("a date that is none", () => {
    class Dated extends Message.Struct<Dated>()("Dated", { at: Schema.Date }) {}
    const result = EventCodec.make([Dated]).encode({ _tag: "Dated", at: new Date(Number.NaN) })
    expect(Either.isLeft(result) && result.left.reason).toBe("InvalidEvent")
  })

  it("an event of a type that is not declared", () => {
    const result = codec.encode({ _tag: "Renamed" } as unknown as Deposited)
    expect(Either.isLeft(result) && result.left.message).toBe("Renamed: is none of the declared messages")
  })
})

describe("what cannot be read is a typed error", () => {
  it.each([
    { what: "an unknown type", event: stored("Renamed", "{}"), reason: "UnknownType" },
    { what: "the name of a method", event: stored("toString", "{}"), reason: "UnknownType" },
    { what: "an unknown revision", event: stored("Noted", "{}", { revision: 2 }), reason: "UnknownRevision" },
    { what: "malformed JSON", event: stored("Noted", "{"), reason: "InvalidPayload" },
    { what: "no JSON at all", event: stored("Noted", ""), reason: "InvalidPayload" },
    { what: "a number", event: stored("Noted", "5"), reason: "InvalidPayload" },
    { what: "null", event: stored("Noted", "null"), reason: "InvalidPayload" },
    { what: "an array", event: stored("Noted", "[]"), reason: "InvalidPayload" },
    { what: "missing fields", event: stored("Noted", "{}"), reason: "InvalidPayload" },
    {
      what: "malformed metadata",
      event: stored("Noted", '{"journalId":"j","text":""}', { metadata: "{" }),
      reason: "InvalidPayload"
    },
    {
      what: "metadata of another shape",
      event: stored("Noted", '{"journalId":"j","text":""}', { metadata: '{"actor":5}' }),
      reason: "InvalidPayload"
    }
  ])("$what", ({ event, reason }) => {
    const result = codec.decode(event)
    expect(Either.isLeft(result) && result.left).toMatchObject({
      _tag: "CodecError",
      reason,
      type: event.type
    })
  })

  it("the payload cannot say that it is of another type", () => {
    const result = codec.decode(stored("Deposited", '{"_tag":"Withdrawn","accountId":"alice","amount":5}'))
    expect(only(result).event).toEqual(deposited("alice", 5))
  })

  it("a key __proto__ changes nobody's prototype", () => {
    class Tagged extends Message.Struct<Tagged>()("Tagged", {
      tags: Schema.Record({ key: Schema.String, value: Schema.Unknown })
    }) {}
    const tagged = EventCodec.make([Tagged])
    const evil = '{"__proto__":{"admin":true}}'
    for (const payload of [`{"tags":${evil}}`, `{"tags":{},"__proto__":{"admin":true}}`]) {
      const result = tagged.decode(stored("Tagged", payload))
      // Refused, or harmless; never an event that says something that is not its own.
      if (Either.isRight(result)) {
        const { event } = only(result)
        expect(Object.getPrototypeOf(event)).toBe(Object.prototype)
        expect(Object.getPrototypeOf(event.tags)).toBe(Object.prototype)
        expect(Reflect.get(event.tags, "admin")).toBeUndefined()
      } else expect(result.left.reason).toBe("InvalidPayload")
    }
    expect(Reflect.get({}, "admin")).toBeUndefined()
  })
})

it("two events of one type are refused at once", () => {
  expect(() => EventCodec.make([Deposited, Deposited])).toThrow('two messages are tagged "Deposited"')
})
