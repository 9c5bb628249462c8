import { describe, expect, it } from "@effect/vitest"
import { ProjectionStore, Projector, Rebuild, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Balances } from "../Bank.ts"
import { deposits, errors, stacks, stateOf } from "./Stacks.ts"

/** Rows that have seen a longer log than this one. */
const ahead = Effect.gen(function* () {
  yield* deposits(1, 2)
  const store = yield* ProjectionStore.ProjectionStore
  const { generation } = yield* store.serving(Balances)
  yield* store.write({ projection: Balances, generation, from: 0, to: 9, time: 0, changes: [] })
})

describe.each(stacks)("rows that are ahead of the log on $name", ({ layer }) => {
  it.effect("halt their projector, which says why", () => {
    const { layer: logger, lines } = errors()
    return Effect.gen(function* () {
      yield* ahead
      yield* Effect.gen(function* () {
        yield* Effect.flip(Subscriptions.reached(Balances, { position: 10 }))
        expect(yield* stateOf(Balances.name)).toMatchObject({ status: "Halted" })
      }).pipe(Effect.provide(Projector.layer(Balances)))
      expect(lines).toHaveLength(1)
      expect(lines[0]).toContain("ForeignCheckpoint: the checkpoint is at 9, the log ends at 2")
    }).pipe(Effect.provide(Layer.merge(layer, logger)))
  })

  it.effect("are not rebuilt for ever", () =>
    Effect.gen(function* () {
      yield* ahead
      expect(yield* Effect.flip(Rebuild.run(Balances))).toMatchObject({ reason: "ForeignCheckpoint" })
    }).pipe(Effect.provide(layer))
  )
})
