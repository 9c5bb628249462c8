import { describe, expect, it } from "@effect/vitest"
import { EventStore, ProjectionStore, Projector, Reactor, ReadModel, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Balances, Letter, Letters, rowOf } from "../Bank.ts"
import { deposits, errors, log, recorder, stacks, stateOf } from "./Stacks.ts"

/** Rows that have seen a longer log than this one. */
const ahead = Effect.gen(function* () {
  yield* deposits(1, 2)
  const { head, identity } = yield* EventStore.EventStore
  const store = yield* ProjectionStore.ProjectionStore
  const claim = { projection: Balances, log: EventStore.nameOf(yield* identity), epoch: 0 }
  const { current } = yield* store.claim({ ...claim, head: yield* head })
  const { generation } = current
  yield* store.write({ ...claim, generation, from: 0, to: 9, time: 0, changes: [] })
})

/** A checkpoint that has seen a longer log than this one. */
const beyond = (subscriber: string) =>
  Effect.flatMap(EventStore.EventStore, ({ append }) =>
    append({ id: "", metadata: {}, parts: [], advance: { subscriber, from: 0, to: 9 } })
  )

describe.each(stacks)("what is ahead of the log on $name", ({ layer }) => {
  it.effect("rows: they are built again, and readers see them then", () =>
    Effect.gen(function* () {
      yield* ahead
      const model = yield* ReadModel.ReadModel
      expect((yield* model.get(Balances, "alice")).asOf.position).toBe(9)
      yield* Effect.gen(function* () {
        yield* Effect.flatMap(Subscriptions.running(Balances), ({ until }) =>
          until(({ position, status }) => status === "Live" && position === 2)
        )
        const { asOf, row } = yield* ReadModel.get(Balances, "alice")
        expect([asOf.position, rowOf({ row })]).toEqual([2, { accountId: "alice", balance: 3, applied: 2 }])
        yield* deposits(4)
        yield* Subscriptions.settled
        expect(rowOf(yield* ReadModel.get(Balances, "alice"))).toMatchObject({ balance: 7, applied: 3 })
      }).pipe(Effect.provide(Projector.layer(Balances)))
    }).pipe(Effect.provide(layer))
  )

  const others = [
    { who: "a reaction", name: "letters", running: Layer.discard(Reactor.layer(Letters, [Letter])) },
    { who: "a subscriber", name: "recorder", running: Layer.discard(recorder().layer) }
  ]

  it.effect.each(others)(
    "the checkpoint of $who: it halts, says why, and does nothing",
    ({ name, running }) => {
      const { layer: logger, lines } = errors()
      return Effect.gen(function* () {
        yield* beyond(name)
        yield* deposits(1, 2)
        yield* Effect.gen(function* () {
          yield* Effect.flip(Subscriptions.settled)
          expect(yield* stateOf(name)).toMatchObject({ status: "Halted" })
        }).pipe(Effect.provide(running))
        expect(lines).toHaveLength(1)
        expect(lines[0]).toContain(
          "ForeignCheckpoint: the checkpoint is at 9, the log ends at 2: it belongs to another log"
        )
        expect(yield* log).toHaveLength(2)
      }).pipe(Effect.provide(Layer.merge(layer, logger)))
    }
  )
})
