import { Message, Revisions } from "everfold"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { broken, only } from "./broken.ts"

const amount = Schema.Int.pipe(Schema.positive())
const first = Schema.TaggedStruct("Received", {
  order: Schema.String,
  cents: Schema.Int.pipe(Schema.between(1, 1_000_000))
})

describe("a chain that is wrong", () => {
  const valid = "Received.1: whatever was stored becomes valid events of today"
  const lost = "Received.1: no property is lost on the way to today"

  it("loses a property", () => {
    class Paid extends Message.Struct<Paid>()(
      "Paid",
      { amount, orderId: Schema.optionalWith(Schema.String, { exact: true }) },
      Revisions.first(first).now(({ cents }) => ({ amount: cents }))
    ) {}
    expect(only([Paid], lost)).toBe(
      'whatever "Received.1.order" is, the events of today are the same; if that is meant, name it in `forgotten`'
    )
    expect(broken([Paid], { forgotten: ["Received.1.order"] })).toEqual({})
    expect(only([Paid], lost, { forgotten: ["Received.1.order", "Received.1.cents"] })).toBe(
      '"Received.1.cents" is said to be forgotten, and is not'
    )
  })

  it("loses a property of something within", () => {
    const Old = Schema.TaggedStruct("Received", {
      from: Schema.Struct({ name: Schema.String, city: Schema.String }),
      items: Schema.Array(Schema.Struct({ sku: Schema.String, count: Schema.Int }))
    })
    class Sent extends Message.Struct<Sent>()(
      "Sent",
      { by: Schema.String, skus: Schema.Array(Schema.String) },
      Revisions.first(Old).now(({ from, items }) => ({ by: from.name, skus: items.map(({ sku }) => sku) }))
    ) {}
    expect(only([Sent], lost)).toMatch(/^whatever "Received.1.from.city" is/)
    const forgotten = ["Received.1.from.city"]
    expect(only([Sent], lost, { forgotten })).toMatch(/^whatever "Received.1.items.\[\].count" is/)
    expect(broken([Sent], { forgotten: [...forgotten, "Received.1.items.[].count"] })).toEqual({})
  })

  it("makes something that is no event of today", () => {
    class Paid extends Message.Struct<Paid>()(
      "Paid",
      { orderId: Schema.String, amount },
      Revisions.first(first).now(({ cents, order }) => ({ orderId: order, amount: cents - 1 }))
    ) {}
    expect(only([Paid], valid)).toMatch(/^\{"order":".*","cents":1\} does not: Received: .*"amount"/s)
  })

  it("throws", () => {
    class Paid extends Message.Struct<Paid>()(
      "Paid",
      { orderId: Schema.String, amount },
      Revisions.first(first).now(({ cents, order }) => {
        if (cents > 1000) throw new Error("too much")
        return { orderId: order, amount: cents }
      })
    ) {}
    const laws = broken([Paid])
    expect(laws[valid]).toMatch(/it throws Error: too much/)
  })

  it.each([
    { what: "has a gap", current: 3, former: 1, says: "nothing says what revision 2 was" },
    { what: "has a gap at its beginning", current: 3, former: 2, says: "nothing says what revision 1 was" },
    {
      what: "has a former revision that is written",
      current: 1,
      former: 1,
      says: "revision 1 cannot be a former one: 1 is written"
    }
  ])("$what", ({ current, former, says }) => {
    const { formers } = Revisions.first(first).now(({ cents, order }) => ({ orderId: order, amount: cents }))
    class Paid extends Message.Struct<Paid>()(
      "Paid",
      { orderId: Schema.String, amount },
      { current, formers: formers.map((one) => ({ ...one, revision: former })) }
    ) {}
    expect(only([Paid], "Paid: its revisions have no gap")).toBe(says)
  })

  it("says that an event was dropped which still means another one", () => {
    class Paid extends Message.Struct<Paid>()(
      "Paid",
      { orderId: Schema.String, amount },
      Revisions.first(first).into(({ cents, order }) => [{ amount: cents, orderId: order }])
    ) {}
    expect(only([Paid, Revisions.dropped(first)], "Received.1: it was dropped, and means nothing")).toMatch(
      /^\{"order":.*\} still means Paid \{"orderId":.*\} \(seed 1\)$/
    )
  })
})
