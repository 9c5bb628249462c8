import { Message, Revisions } from "everfold"
import { MessageLaws } from "everfold/testing"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { broken, only } from "./broken.ts"

const amount = Schema.Int.pipe(Schema.positive())
const cents = Schema.Int.pipe(Schema.between(1, 1_000_000))
const first = Schema.TaggedStruct("Received", { order: Schema.String, cents })

describe("messages that keep the laws", () => {
  class Paid extends Message.Struct<Paid>()(
    "Paid",
    { orderId: Schema.String, amount, note: Schema.optionalWith(Schema.String, { exact: true }) },
    Revisions.first(first)
      .next(Schema.TaggedStruct("Paid", { id: Schema.String, cents }), ({ cents, order }) => ({
        id: order,
        cents
      }))
      .now(({ cents, id }) => ({ orderId: id, amount: cents }))
  ) {}
  const Ordered = Revisions.first(
    Schema.TaggedStruct("Ordered", {
      orderId: Schema.String,
      items: Schema.Array(Schema.Struct({ sku: Schema.NonEmptyString, price: cents })),
      tags: Schema.Record({ key: Schema.String, value: Schema.String })
    })
  )
  class Began extends Message.Struct<Began>()(
    "Began",
    { orderId: Schema.String, tags: Schema.Record({ key: Schema.String, value: Schema.String }) },
    Ordered.into(({ orderId, tags }) => [{ orderId, tags }])
  ) {}
  class Added extends Message.Struct<Added>()(
    "Added",
    { item: Schema.NonEmptyString, price: amount },
    Ordered.into(({ items }) => items.map(({ price, sku }) => ({ item: sku, price })))
  ) {}
  const Greeted = Revisions.dropped(
    Schema.TaggedStruct("Greeted", {}),
    Schema.TaggedStruct("Greeted", { by: Schema.String })
  )
  class Measured extends Schema.TaggedClass<Measured>()("Measured", {
    value: Schema.Number,
    at: Schema.Date,
    names: Schema.Set(Schema.String),
    maybe: Schema.optional(Schema.NullOr(Schema.BigInt))
  }) {}

  it("are told so, law by law", () => {
    const all = [Paid, Began, Added, Greeted, Measured]
    expect(broken(all)).toEqual({})
    expect(MessageLaws.of(all).map(({ name }) => name)).toMatchInlineSnapshot(`
      [
        "Paid.3: what is read is what was written",
        "Paid.3: no property is lost when it is stored",
        "Paid: its revisions have no gap",
        "Began.1: what is read is what was written",
        "Began.1: no property is lost when it is stored",
        "Began: its revisions have no gap",
        "Added.1: what is read is what was written",
        "Added.1: no property is lost when it is stored",
        "Added: its revisions have no gap",
        "Greeted: its revisions have no gap",
        "Measured.1: what is read is what was written",
        "Measured.1: no property is lost when it is stored",
        "Measured: its revisions have no gap",
        "Received.1: whatever was stored becomes valid events of today",
        "Received.1: no property is lost on the way to today",
        "Paid.2: whatever was stored becomes valid events of today",
        "Paid.2: no property is lost on the way to today",
        "Ordered.1: whatever was stored becomes valid events of today",
        "Ordered.1: no property is lost on the way to today",
        "Greeted.1: it was dropped, and means nothing",
        "Greeted.2: it was dropped, and means nothing",
      ]
    `)
  })

  it("get other values each time, unless a seed is named", () => {
    const seen = new Set<string>()
    class Seen extends Message.Struct<Seen>()("Seen", {
      text: Schema.String.pipe(Schema.filter((text) => (seen.add(text), true)))
    }) {}
    const textsOf = (options?: MessageLaws.Options) => {
      seen.clear()
      for (const { check } of MessageLaws.of([Seen], options)) check()
      return [...seen]
    }
    expect(textsOf({ seed: 1 })).toEqual(textsOf({ seed: 1 }))
    expect(textsOf({ seed: 1 })).not.toEqual(textsOf({ seed: 2 }))
    expect(textsOf({ seed: 1, runs: 5 }).length).toBeLessThan(textsOf({ seed: 1, runs: 500 }).length)
  })
})

describe("a message that is not what was written", () => {
  it("because its value is lost", () => {
    const Rounded = Schema.transform(Schema.Int, Schema.Number, {
      strict: true,
      decode: (n) => n,
      encode: (n) => Math.trunc(n)
    })
    class Weighed extends Message.Struct<Weighed>()("Weighed", { grams: Rounded }) {}
    expect(only([Weighed], "Weighed.1: what is read is what was written")).toMatch(
      /^"grams" was .+, and .+ is read from \{"grams":.+\} \(seed 1\)$/
    )
  })

  it("because a property is, in a choice whose first member hides the second one", () => {
    const Short = Schema.Struct({ name: Schema.String })
    const Long = Schema.Struct({ name: Schema.String, city: Schema.String })
    class Moved extends Message.Struct<Moved>()("Moved", { to: Schema.Union(Short, Long) }) {}
    expect(only([Moved], "Moved.1: no property is lost when it is stored")).toMatch(
      /^"to.city" of \{.*\} is lost \(seed 1\)$/
    )
  })

  it("because none of them can be stored", () => {
    class Endless extends Message.Struct<Endless>()("Endless", { value: Schema.Literal("a") }) {}
    const Never = Schema.TaggedStruct("Never", {
      value: Schema.Number.pipe(
        Schema.filter(Number.isNaN, { arbitrary: () => (fc) => fc.constant(Number.NaN) })
      )
    })
    expect(Object.values(broken([Endless, Never]))).toEqual([
      expect.stringMatching(/^Never.1: what is read .*nothing could be tried, because Never: NaN at value/),
      expect.stringMatching(/^Never.1: no property .*nothing could be tried/)
    ])
  })
})
