import { Aggregate, Decoding, Event, Projection } from "everfold"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { expect, it } from "vitest"
import * as Batch from "../../src/Domain/Allocation/Batch.ts"
import { BatchAvailability } from "../../src/Domain/Allocation/BatchAvailability.ts"
import {
  Allocated,
  BatchCreated,
  BatchQuantityChanged,
  Deallocated,
  OutOfStock
} from "../../src/Domain/Allocation/Events.ts"
import { OrderAllocations } from "../../src/Domain/Allocation/OrderAllocations.ts"
import { Stock } from "../../src/Domain/Allocation/Stock.ts"
import {
  batchRef,
  commands,
  few,
  live,
  orderId,
  quantity,
  sku,
  type State
} from "../Domain/Allocation/live.ts"

const { array, assert, boolean, oneof, property, record } = FastCheck

const orders = ({ batches }: State) => batches.flatMap(({ lines }) => lines.map(({ orderId }) => orderId))

/** No batch has promised more than it has, and no order has a line twice. */
const isSound = (state: State) =>
  state.batches.every((batch) => Batch.available(batch) >= 0) &&
  new Set(orders(state)).size === orders(state).length

const counts = new Map<string, number>()
const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1)

it("whatever commands come: after each event nothing is promised twice, and nothing that is not there", () => {
  assert(
    property(commands, (commands) => {
      const { log, steps } = live(commands)
      let state: State = Stock.initial
      for (const event of log) {
        const before = state
        state = Stock.evolve(state, event)
        expect(isSound(state)).toBe(true)
        // A reachable event is never one of those that change nothing.
        if (event._tag !== "OutOfStock") expect(state).not.toEqual(before)
        count(event._tag)
      }
      for (const { decision } of steps) {
        count(Either.isLeft(decision) ? "refused" : decision.right.length > 0 ? "accepted" : "nothing to do")
      }
    }),
    { numRuns: 300 }
  )
  console.log([...counts].map(([what, count]) => `${what} ${count}`).join(", "))
  const total = ["accepted", "refused", "nothing to do"].reduce((sum, it) => sum + (counts.get(it) ?? 0), 0)
  for (const what of ["accepted", "refused"]) expect((counts.get(what) ?? 0) / total).toBeGreaterThan(0.2)
  for (const what of ["Allocated", "Deallocated", "OutOfStock", "nothing to do"]) {
    expect(counts.get(what) ?? 0, what).toBeGreaterThan(100)
  }
})

it("whatever commands come: a line that is freed is decided about at once, and no other line is touched", () => {
  assert(
    property(commands, (commands) => {
      for (const { before, command, decision } of live(commands).steps) {
        if (command._tag !== "ChangeBatchQuantity" || Either.isLeft(decision)) continue
        const after = Aggregate.replay(Stock, decision.right, before)
        const freed = decision.right.flatMap((it) => (it._tag === "Deallocated" ? [it.orderId] : []))
        const lost = decision.right.flatMap((it) => (it._tag === "OutOfStock" ? [it.orderId] : []))
        const found = decision.right.flatMap((it) => (it._tag === "Allocated" ? [it.orderId] : []))
        expect([...lost, ...found].sort()).toEqual([...freed].sort())
        expect([...orders(after), ...lost].sort()).toEqual(orders(before).toSorted())
        const stays = orders(before).filter((orderId) => !freed.includes(orderId))
        for (const orderId of stays) {
          expect(Batch.lineOf(after.batches, orderId)).toEqual(Batch.lineOf(before.batches, orderId))
        }
      }
    })
  )
})

it("whatever commands come: the first batch with room is taken, and out of stock means that there is none", () => {
  assert(
    property(commands, (commands) => {
      let state: State = Stock.initial
      for (const event of live(commands).log) {
        if (event._tag === "Allocated" || event._tag === "OutOfStock") {
          const roomy = state.batches
            .filter((batch) => Batch.available(batch) >= event.quantity)
            .map(({ batchRef, eta = "" }) => `${eta} ${batchRef}`)
            .sort()
          const taken = event._tag === "Allocated" ? Batch.find(state.batches, event.batchRef) : undefined
          expect(taken && `${taken.eta ?? ""} ${taken.batchRef}`).toBe(roomy[0])
        }
        state = Stock.evolve(state, event)
      }
    })
  )
})

it("whatever commands come: there is one notice between two restocks", () => {
  assert(
    property(commands, (commands) => {
      let told = false
      const quantities = new Map<string, number>()
      for (const event of live(commands).log) {
        if (event._tag === "OutOfStock") {
          expect(event.first).toBe(!told)
          told = true
        }
        if (event._tag === "BatchCreated" || event._tag === "BatchQuantityChanged") {
          if (event.quantity > (quantities.get(event.batchRef) ?? 0)) told = false
          quantities.set(event.batchRef, event.quantity)
        }
      }
    })
  )
})

it("whatever commands come: what was accepted is not done again", () => {
  assert(
    property(commands, (commands) => {
      for (const { before, command, decision } of live(commands).steps) {
        const events = Either.getOrElse(decision, () => [])
        if (!events.some(({ _tag }) => _tag === "Allocated")) continue
        if (command._tag !== "Allocate") continue
        const after = Aggregate.replay(Stock, events, before)
        expect(Stock.decide(after, command, { now: 0, id: String })).toEqual(Either.right([]))
      }
    })
  )
})

it("whatever commands come: what is read back from the log leads to the same state, and the rows say the same", () => {
  assert(
    property(commands, (commands) => {
      const { log, state } = live(commands)
      const stored = Event.record(log).map(({ event, metadata, ...envelope }) => ({
        ...envelope,
        ...Either.getOrThrow(Stock.codec.encode(event)),
        metadata: JSON.stringify(metadata)
      }))
      const read = Either.getOrThrow(Decoding.all(Stock.codec, stored)).map(({ event }) => event)
      expect(Aggregate.replay(Stock, read)).toEqual(state)

      const lines = log.flatMap((it) => (it._tag === "Allocated" || it._tag === "Deallocated" ? [it] : []))
      const rows = Projection.run(
        BatchAvailability,
        log.flatMap((it) => (it._tag === "OutOfStock" ? [] : [it]))
      )
      expect(new Map([...rows.values()].map(({ available, batchRef }) => [batchRef, available]))).toEqual(
        new Map(state.batches.map((batch) => [batch.batchRef, Batch.available(batch)]))
      )
      const allocations = [...Projection.run(OrderAllocations, lines).values()]
      expect(allocations.map(({ batchRef, orderId }) => `${orderId} ${batchRef}`).sort()).toEqual(
        state.batches
          .flatMap(({ batchRef, lines }) => lines.map(({ orderId }) => `${orderId} ${batchRef}`))
          .sort()
      )
    })
  )
})

it("folds whatever events, in any order, into a state that promises nothing twice", () => {
  const event = oneof(
    record({ sku, batchRef, quantity: few }).map((fields) => BatchCreated.make(fields)),
    record({ sku, batchRef, quantity }).map((fields) => BatchQuantityChanged.make(fields)),
    record({ sku, orderId, quantity: few, batchRef }).map((fields) => Allocated.make(fields)),
    record({ sku, orderId, quantity: few, batchRef }).map((fields) => Deallocated.make(fields)),
    record({ sku, orderId, quantity: few, first: boolean() }).map((fields) => OutOfStock.make(fields))
  )
  assert(
    property(array(event, { maxLength: 60, size: "max" }), (events) =>
      isSound(Aggregate.replay(Stock, events))
    )
  )
})
