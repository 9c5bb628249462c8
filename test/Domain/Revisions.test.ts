import { Event, EventCodec, Message, Revisions } from "everfold"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"

const amount = Schema.Int.pipe(Schema.positive())
const currency = Schema.Literal("EUR", "CHF")

/** In whole euros at first, then in cents under another name, now with a currency. */
class Paid extends Message.Struct<Paid>()(
  "Paid",
  { orderId: Schema.String, amount, currency },
  Revisions.first(Schema.TaggedStruct("PaymentReceived", { order: Schema.String, euros: Schema.Number }))
    .next(Schema.TaggedStruct("Paid", { order: Schema.String, cents: Schema.Int }), ({ euros, order }) => ({
      order,
      cents: Math.round(euros * 100)
    }))
    .now(({ cents, order }) => ({ orderId: order, amount: cents, currency: "EUR" }))
) {}

/** An order was one event with all of its items, once. */
const OrderMade = Revisions.first(
  Schema.TaggedStruct("OrderMade", { orderId: Schema.String, items: Schema.Array(Schema.String) })
)
class OrderCreated extends Message.Struct<OrderCreated>()(
  "OrderCreated",
  { orderId: Schema.String },
  OrderMade.into(({ orderId }) => [{ orderId }])
) {}
class ItemAdded extends Message.Struct<ItemAdded>()(
  "ItemAdded",
  { orderId: Schema.String, item: Schema.NonEmptyString },
  OrderMade.into(({ items, orderId }) => items.map((item) => ({ orderId, item })))
) {}

const Greeted = Revisions.dropped(
  Schema.TaggedStruct("Greeted", {}),
  Schema.TaggedStruct("Greeted", { by: Schema.String })
)

const codec = EventCodec.make([Paid, OrderCreated, ItemAdded, Greeted])

const place = { id: "c#0", stream: "Order-1", version: 3, position: 7, recordedAt: 5, metadata: "{}" }
const decode = (type: string, revision: number, payload: object) =>
  codec.decode({ ...place, type, revision, payload: JSON.stringify(payload) })
const meaning = (type: string, revision: number, payload: object) =>
  Either.getOrThrow(decode(type, revision, payload)).map(({ event, id }) => ({ event, id }))

describe("a chain of revisions", () => {
  const event = Paid.make({ orderId: "1", amount: 1250, currency: "EUR" })

  it.each([
    {
      what: "under its former name",
      type: "PaymentReceived",
      revision: 1,
      payload: { order: "1", euros: 12.5 }
    },
    { what: "in its former form", type: "Paid", revision: 2, payload: { order: "1", cents: 1250 } },
    {
      what: "as it is written",
      type: "Paid",
      revision: 3,
      payload: { orderId: "1", amount: 1250, currency: "EUR" }
    }
  ])("reads what was stored $what", ({ payload, revision, type }) => {
    expect(meaning(type, revision, payload)).toEqual([{ event, id: "c#0" }])
  })

  it("writes the newest revision only", () => {
    expect(Either.getOrThrow(codec.encode(event))).toEqual({
      type: "Paid",
      revision: 3,
      payload: '{"orderId":"1","amount":1250,"currency":"EUR"}'
    })
    expect(codec.revisions.get("Paid")).toBe(3)
  })

  it("names everything that may be stored of it, so that nobody passes over it", () => {
    expect(EventCodec.make([Paid]).types).toEqual(["PaymentReceived", "Paid"])
    expect(EventCodec.make([ItemAdded]).types).toEqual(["OrderMade", "ItemAdded"])
  })

  it.each([
    {
      what: "another form than that of its revision",
      type: "Paid",
      revision: 2,
      payload: { order: "1", cents: "5" }
    },
    { what: "the form of another revision", type: "Paid", revision: 3, payload: { order: "1", cents: 5 } },
    { what: "what would be no event of today", type: "Paid", revision: 2, payload: { order: "1", cents: -5 } }
  ])("refuses $what", ({ payload, revision, type }) => {
    expect(decode(type, revision, payload)).toMatchObject({
      left: { reason: "InvalidPayload", type: "Paid" }
    })
  })

  it.each([
    { type: "Paid", revision: 1 },
    { type: "Paid", revision: 4 },
    { type: "PaymentReceived", revision: 2 }
  ])("does not know revision $revision of $type", ({ revision, type }) => {
    expect(decode(type, revision, {})).toMatchObject({ left: { reason: "UnknownRevision", type } })
  })
})

describe("an event that has become several", () => {
  const made = { orderId: "1", items: ["lamp", "desk"] }

  it("is all of them, each with an id that says which, at one place of the log", () => {
    expect(meaning("OrderMade", 1, made)).toEqual([
      { event: OrderCreated.make({ orderId: "1" }), id: "c#0/OrderCreated.0" },
      { event: ItemAdded.make({ orderId: "1", item: "lamp" }), id: "c#0/ItemAdded.0" },
      { event: ItemAdded.make({ orderId: "1", item: "desk" }), id: "c#0/ItemAdded.1" }
    ])
    const places = Either.getOrThrow(decode("OrderMade", 1, made)).map(({ position, version }) => [
      position,
      version
    ])
    expect(places).toEqual([
      [7, 3],
      [7, 3],
      [7, 3]
    ])
  })

  it("has the same ids for those who only want some of them", () => {
    const [first] = Either.getOrThrow(
      EventCodec.make([ItemAdded]).decode({
        ...place,
        type: "OrderMade",
        revision: 1,
        payload: JSON.stringify(made)
      })
    )
    expect(first?.id).toBe("c#0/ItemAdded.0")
  })

  it("is not taken for its first part by whoever can use one event only", () => {
    const payload = JSON.stringify(made)
    expect(codec.decodePayload({ type: "OrderMade", revision: 1, payload })).toMatchObject({
      left: { reason: "InvalidPayload", type: "OrderMade" }
    })
  })

  it("may be none", () => {
    expect(
      Either.getOrThrow(
        EventCodec.make([ItemAdded]).decode({
          ...place,
          type: "OrderMade",
          revision: 1,
          payload: '{"orderId":"1","items":[]}'
        })
      )
    ).toEqual([])
  })

  it("is refused as a whole when one of them would be no event of today", () => {
    expect(decode("OrderMade", 1, { orderId: "1", items: ["lamp", ""] })).toMatchObject({
      left: { reason: "InvalidPayload", type: "OrderMade" }
    })
  })
})

describe("an event that was dropped", () => {
  it("means nothing, in each of its revisions, and no other", () => {
    expect(meaning("Greeted", 1, {})).toEqual([])
    expect(meaning("Greeted", 2, { by: "ann" })).toEqual([])
    expect(decode("Greeted", 3, {})).toMatchObject({ left: { reason: "UnknownRevision" } })
  })

  it("is not written", () => {
    expect(codec.revisions.has("Greeted")).toBe(false)
  })
})

it("an event that has replaced one may have been part of another as well", () => {
  class Added extends Message.Struct<Added>()(
    "Added",
    { item: Schema.String, count: Schema.Int },
    Revisions.all(
      Revisions.first(Schema.TaggedStruct("Added", { item: Schema.String })).now(({ item }) => ({
        item,
        count: 1
      })),
      OrderMade.into(({ items }) => items.map((item) => ({ item, count: 1 })))
    )
  ) {}
  const { decode, encode } = EventCodec.make([Added])
  const lamp = Added.make({ item: "lamp", count: 1 })
  const read = (type: string, revision: number, payload: object) =>
    Either.getOrThrow(decode({ ...place, type, revision, payload: JSON.stringify(payload) })).map(
      ({ event }) => event
    )
  expect(read("Added", 1, { item: "lamp" })).toEqual([lamp])
  expect(read("OrderMade", 1, { orderId: "1", items: ["lamp"] })).toEqual([lamp])
  expect(Either.getOrThrow(encode(lamp)).revision).toBe(2)
})

it("one revision cannot be lifted in two ways into one event", () => {
  const lamps = OrderMade.into(({ items }) => items.map((item) => ({ item, count: 1 })))
  expect(() => Revisions.all(lamps, lamps)).toThrow("OrderMade revision 1 is lifted in two ways")
})

it("made-up envelopes say the revision that is written", () => {
  expect(Event.record([OrderCreated.make({ orderId: "1" })])[0]?.revision).toBe(1)
})
