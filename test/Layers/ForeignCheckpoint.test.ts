import { describe, expect, it } from "@effect/vitest"
import { EventStore, ProjectionStore, Projector, Reactor, ReadModel, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Balances, Letter, Letters, rowOf } from "../Bank.ts"
import { deposits, errors, log, recorder, stacks, stateOf, warnings, wrapped } from "./Stacks.ts"

/** Rows of a log that went another way than this one: where they are, since when, and the epoch of their owner. */
interface Foreign {
  readonly to: number
  readonly time: number
  readonly epoch: number
}

const foreign = ({ epoch, time, to }: Foreign) =>
  Effect.gen(function* () {
    yield* deposits(1, 2)
    const { identity } = yield* EventStore.EventStore
    const store = yield* ProjectionStore.ProjectionStore
    const claim = { projection: Balances, log: EventStore.nameOf(yield* identity), epoch }
    const write = (generation: number, balance: number) => {
      const changes = [{ key: "alice", row: { accountId: "alice", balance, applied: 1 } }]
      return store.write({ ...claim, generation, from: 0, to, time, changes })
    }
    const { current } = yield* store.claim({ ...claim, head: 0 })
    yield* write(current.generation, 1000)
    // The former rows are fenced as well.
    const { generation } = yield* store.begin(Balances, claim.log)
    yield* write(generation, 2000)
  })

/** A projector whose store stops it when it asks again and again. */
const patient = () => {
  let claims = 0
  return Projector.layer(Balances).pipe(
    Layer.provide(
      wrapped(ProjectionStore.ProjectionStore, (store) => ({
        ...store,
        claim: (claim) => (++claims > 10 ? Effect.dieMessage("asked again and again") : store.claim(claim))
      }))
    )
  )
}

/** A step of a subscriber that this log does not know of. */
const unknown = (subscriber: string, step: { readonly to: number; readonly epoch?: number }) =>
  Effect.flatMap(EventStore.EventStore, ({ append }) =>
    append({ id: "", metadata: {}, parts: [], advance: { subscriber, from: 0, ...step } })
  )

describe.each(stacks)("what is of another log on $name", ({ layer }) => {
  const rows: ReadonlyArray<Foreign & { readonly what: string }> = [
    { what: "ahead of the log", to: 9, time: 0, epoch: 0 },
    { what: "ahead of it, of an epoch that it never gave", to: 9, time: 0, epoch: 7 },
    { what: "of an epoch that it never gave", to: 1, time: 0, epoch: 7 },
    { what: "at an event of another time", to: 2, time: 12, epoch: 0 }
  ]

  it.effect.each(rows)("rows $what: they are built again, and readers see them then", (one) => {
    const { layer: logger, lines } = warnings()
    return Effect.gen(function* () {
      yield* foreign(one)
      const model = yield* ReadModel.ReadModel
      expect((yield* model.get(Balances, "alice")).asOf).toEqual({ position: one.to, time: one.time })
      yield* Effect.gen(function* () {
        yield* Effect.flatMap(Subscriptions.running(Balances), ({ until }) =>
          until(({ status }) => status === "Live" || status === "Halted")
        )
        expect(yield* stateOf("balances")).toMatchObject({ status: "Live", position: 2, error: undefined })
        const { asOf, row } = yield* ReadModel.get(Balances, "alice")
        expect([asOf.position, rowOf({ row })]).toEqual([2, { accountId: "alice", balance: 3, applied: 2 }])
        yield* deposits(4)
        yield* Subscriptions.settled
        expect(rowOf(yield* ReadModel.get(Balances, "alice"))).toMatchObject({ balance: 7, applied: 3 })
      }).pipe(Effect.provide(patient()))
      expect(lines).toEqual([expect.stringContaining('the rows of "balances" were built from another log')])
      // Of what is there now nobody doubts.
      yield* Effect.provide(Subscriptions.settled, Projector.layer(Balances))
      expect(lines).toHaveLength(1)
    }).pipe(Effect.provide(layer), Effect.provide(logger))
  })

  it.effect("a former owner still moves the checkpoint: it is asked for again, and nobody halts", () => {
    let moves = 0
    // Between a look at the checkpoint and its claim.
    const overtaking = wrapped(EventStore.EventStore, (store) => ({
      ...store,
      checkpoint: (subscriber) =>
        Effect.tap(store.checkpoint(subscriber), (from) =>
          from < 3
            ? Effect.ignore(EventStore.advance(store, { subscriber, from, to: from + 1, epoch: 0 })).pipe(
                Effect.tap(() => void (moves += 1))
              )
            : Effect.void
        )
    }))
    const { layer: logger, lines } = errors()
    const { layer: letters } = recorder("letters")
    return Effect.gen(function* () {
      yield* deposits(1, 2, 4, 8)
      yield* Effect.gen(function* () {
        yield* Subscriptions.settled
        expect(yield* stateOf("letters")).toMatchObject({ status: "Live", position: 4, errors: 0 })
      }).pipe(Effect.provide(Layer.provide(letters, overtaking)))
      expect([moves, lines]).toEqual([3, []])
    }).pipe(Effect.provide(Layer.merge(layer, logger)))
  })

  const others = [
    { who: "a reaction", name: "letters", running: Layer.discard(Reactor.layer(Letters, [Letter])) },
    { who: "a subscriber", name: "recorder", running: Layer.discard(recorder().layer) }
  ]

  const steps = [
    { step: { to: 9 }, why: "the checkpoint is at 9, the log ends at 2" },
    {
      step: { to: 1, epoch: 7 },
      why: "the checkpoint was claimed under a later epoch than this log has given"
    }
  ]

  it.effect.each(others.flatMap((one) => steps.map((step) => ({ ...one, ...step }))))(
    "the checkpoint of $who: it halts, says why, and does nothing",
    ({ name, running, step, why }) => {
      const { layer: logger, lines } = errors()
      return Effect.gen(function* () {
        yield* unknown(name, step)
        yield* deposits(1, 2)
        yield* Effect.gen(function* () {
          yield* Effect.flip(Subscriptions.settled)
          expect(yield* stateOf(name)).toMatchObject({ status: "Halted" })
        }).pipe(Effect.provide(running))
        expect(lines).toHaveLength(1)
        expect(lines[0]).toContain(`ForeignCheckpoint: ${why}: it belongs to another log`)
        expect(yield* log).toHaveLength(2)
      }).pipe(Effect.provide(Layer.merge(layer, logger)))
    }
  )
})
