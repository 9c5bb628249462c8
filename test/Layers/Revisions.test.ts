import { describe, expect, it } from "@effect/vitest"
import {
  Aggregate,
  CommandHandler,
  EventStore,
  History,
  Message,
  Process,
  ProcessManager,
  Projection,
  Projector,
  Reaction,
  Reactor,
  ReadModel,
  Revisions,
  Subscriber,
  Subscriptions
} from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Journal, Note, rowOf } from "../Bank.ts"
import { errors, log, stacks, stateOf, write } from "./Stacks.ts"

// An order was one event with all of its items; now it is one for the order, and one for each item with its count.

const Made = Revisions.first(
  Schema.TaggedStruct("OrderMade", { orderId: Schema.String, items: Schema.Array(Schema.String) })
)
class Created extends Message.Struct<Created>()(
  "Created",
  { orderId: Schema.String },
  Made.into(({ orderId }) => [{ orderId }])
) {}
class Added extends Message.Struct<Added>()(
  "Added",
  { orderId: Schema.String, item: Schema.String, count: Schema.Int },
  Revisions.all(
    Revisions.first(Schema.TaggedStruct("Added", { orderId: Schema.String, item: Schema.String })).now(
      ({ item, orderId }) => ({ orderId, item, count: 1 })
    ),
    Made.into(({ items, orderId }) => items.map((item) => ({ orderId, item, count: 1 })))
  )
) {}
class Add extends Message.Struct<Add>()("Add", {
  orderId: Schema.String,
  item: Schema.String,
  count: Schema.Int
}) {}
const Seen = Revisions.dropped(Schema.TaggedStruct("OrderSeen", {}))

const Order = Aggregate.make("Order", {
  events: [Created, Added, Seen],
  commands: [Add],
  state: Schema.Struct({ items: Schema.Array(Schema.String) }),
  initial: { items: [] },
  id: (command) => command.orderId
})
  .evolve({
    Created: (state) => state,
    Added: ({ items }, { count, item }) => ({ items: [...items, `${count} ${item}`] })
  })
  .decide({ Add: (command) => [Added.make({ ...command })] })

const Counts = Projection.make("counts", {
  row: Schema.Struct({ item: Schema.String, count: Schema.Int }),
  events: [Added],
  key: ({ item }) => item
}).on({ Added: (row, { count, item }) => ({ item, count: (row?.count ?? 0) + count }) })

const note = (text: string) => Note.make({ journalId: "orders", text })

const Packing = Reaction.make("packing", { events: [Added], commands: [Note] }).on({
  Added: ({ count, item }) => [note(`pack ${count} ${item}`)]
})

/** One process for each order, which begins with it. */
const Thanks = Process.make("thanks", {
  state: Schema.Int,
  initial: 0,
  events: [Created, Added],
  commands: [Note],
  key: ({ orderId }) => orderId
}).on({
  Created: () => ({ state: 0, timers: [Process.after("1 day", "late", note("late"))] }),
  Added: (state, { count }) => ({
    state: state + count,
    send: [note(`${state + count} items, thanks`)],
    cancel: ["late"]
  })
})

const orderOf = (orderId: string, ...items: ReadonlyArray<string>) => ({
  type: "OrderMade",
  payload: JSON.stringify({ orderId, items })
})
/** Of each former form one, and one of today's. */
const history = Effect.gen(function* () {
  yield* write("Order-1", [orderOf("1", "lamp", "desk"), { type: "OrderSeen", payload: "{}" }])
  yield* write("Order-1", [{ type: "Added", payload: '{"orderId":"1","item":"lamp"}' }])
  yield* CommandHandler.handle(Order, Add.make({ orderId: "1", item: "chair", count: 4 }))
})

const texts = Effect.map(log, (events) =>
  events.filter(({ type }) => type === "Noted").map(({ payload }): string => JSON.parse(payload).text)
)

describe.each(stacks)("former revisions on $name", ({ layer }) => {
  it.effect("an aggregate is folded from all of them, and decides on that", () =>
    Effect.gen(function* () {
      yield* history
      expect(yield* History.stateAt(Order, "1")).toEqual({ items: ["1 lamp", "1 desk", "1 lamp", "4 chair"] })
      const versions = (yield* History.of(Order, "1")).map(({ version }) => version)
      expect(versions).toEqual([1, 1, 1, 3, 4])
      const [last] = (yield* log).slice(-1)
      expect(last).toMatchObject({ type: "Added", revision: 2, version: 4 })
    }).pipe(Effect.provide(layer))
  )

  it.effect("a projection that wants only some of their parts gets those", () =>
    Effect.gen(function* () {
      yield* history
      yield* Subscriptions.settled
      const counts = yield* Effect.forEach(["lamp", "desk", "chair"], (item) =>
        Effect.map(ReadModel.get(Counts, item), (found) => rowOf(found)?.count)
      )
      expect(counts).toEqual([2, 1, 4])
    }).pipe(Effect.provide(Projector.layer(Counts)), Effect.provide(layer))
  )

  it.effect("a reaction answers all parts at once, and once", () =>
    Effect.gen(function* () {
      yield* history
      yield* Effect.provide(Subscriptions.settled, Reactor.layer(Packing, [Journal]))
      const store = yield* EventStore.EventStore
      const from = yield* store.checkpoint("packing")
      yield* EventStore.advance(store, { subscriber: "packing", from, to: 0 })
      yield* Effect.provide(Subscriptions.settled, Reactor.layer(Packing, [Journal]))
      expect(yield* texts).toEqual(["pack 1 lamp", "pack 1 desk", "pack 1 lamp", "pack 4 chair"])
    }).pipe(Effect.provide(layer))
  )

  it.effect("a process takes all parts in one step", () =>
    Effect.gen(function* () {
      yield* history
      yield* Effect.provide(Subscriptions.settled, ProcessManager.layer(Thanks, [Journal]))
      expect(yield* texts).toEqual([1, 2, 3, 7].map((count) => `${count} items, thanks`))
      expect(yield* stateOf("thanks")).toBeUndefined()
    }).pipe(Effect.provide(layer))
  )

  it.effect("a subscriber has a key for each part", () => {
    const keys: Array<string> = []
    const listed = Subscriber.make("listed", { events: [Added] }).on({
      Added: ({ item }, _, { key }) => Effect.sync(() => keys.push(`${item} ${key.replace(/^[^#]*/, "")}`))
    })
    return Effect.gen(function* () {
      yield* history
      yield* Effect.provide(Subscriptions.settled, Subscriber.layer(listed))
      expect(keys).toEqual([
        "lamp #0/Added.0/listed",
        "desk #0/Added.1/listed",
        "lamp #0/listed",
        "chair #0/listed"
      ])
    }).pipe(Effect.provide(layer))
  })

  it.effect("a revision from the future halts whoever wants the event, until a release knows it", () => {
    const { layer: logger, lines } = errors()
    return Effect.gen(function* () {
      yield* write("Order-1", [{ type: "Added", revision: 3, payload: "{}" }])
      yield* Effect.provide(
        Effect.gen(function* () {
          for (const subscriber of [Counts, Packing]) {
            const { reached } = yield* Subscriptions.running(subscriber)
            const halted = yield* Effect.flip(reached(1))
            expect(halted).toMatchObject({ subscriber: subscriber.name, position: 0 })
            expect(halted.message).toContain("revision 3 is not known")
          }
        }),
        Layer.merge(Projector.layer(Counts), Reactor.layer(Packing, [Journal]))
      )
      expect(lines).toHaveLength(2)
      expect(yield* Effect.flip(History.stateAt(Order, "1"))).toMatchObject({ reason: "Undecodable" })
    }).pipe(Effect.provide(layer), Effect.provide(logger))
  })
})
