import { describe, expect, it } from "@effect/vitest"
import { CommandHandler, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Stock } from "../../../src/Domain/Allocation/Stock.ts"
import { Sku } from "../../../src/Domain/Allocation/Values.ts"
import { allocationsOf, batchesOf } from "../../../src/Services/Allocation/Queries.ts"
import { allocate, createBatch, order, sku } from "../../Domain/Allocation/samples.ts"
import * as App from "../../Layers/Allocation/App.ts"
import { stacks } from "../../Layers/Stacks.ts"

const handle = CommandHandler.handle

describe.each(stacks)("queries about the stock on $name", ({ layer }) => {
  const running = <A, E>(program: Effect.Effect<A, E, App.Services>) => Effect.provide(program, App.on(layer))

  it.effect("list batches in the order in which they are used up", () =>
    running(
      Effect.gen(function* () {
        yield* handle(Stock, createBatch("y", 1, { eta: "2026-03-01" }))
        yield* handle(Stock, createBatch("b", 1))
        yield* handle(Stock, createBatch("z", 1, { eta: "2026-02-28" }))
        yield* handle(Stock, createBatch("x", 1, { eta: "2026-03-01" }))
        yield* handle(Stock, createBatch("a", 1))
        yield* Subscriptions.settled
        const { next, rows } = yield* batchesOf(sku)
        const listed = rows.map(({ batchRef }) => batchRef)
        expect(listed).toEqual(["a", "b", "z", "x", "y"])
        expect(next).toEqual(Option.none())
        const used = yield* Effect.forEach(listed, (_, n) =>
          Effect.map(handle(Stock, allocate(`o${n}`, 1)), ({ events }) => events[0]?.event)
        )
        expect(used).toMatchObject(listed.map((batchRef) => ({ _tag: "Allocated", batchRef })))
      })
    )
  )

  it.effect("find the lines of one order, of whatever sku, and of no other", () =>
    running(
      Effect.gen(function* () {
        const desk = Sku.make("DESK")
        yield* handle(Stock, createBatch("b1", 10))
        yield* handle(Stock, { ...createBatch("b2", 10), sku: desk })
        yield* handle(Stock, allocate("o1", 2))
        yield* handle(Stock, allocate("o1", 3, desk))
        const last = yield* handle(Stock, allocate("o2", 4))
        const { asOf, rows } = yield* allocationsOf(order("o1"), { atLeast: last })
        expect(rows).toEqual([
          { orderId: "o1", sku: "DESK", quantity: 3, batchRef: "b2" },
          { orderId: "o1", sku: "LAMP", quantity: 2, batchRef: "b1" }
        ])
        expect(asOf.position).toBe(last.position)
        expect((yield* batchesOf(desk, { atLeast: last })).rows).toMatchObject([
          { batchRef: "b2", available: 7 }
        ])
      })
    )
  )
})
