import { describe, expect, it } from "@effect/vitest"
import { EventStore, Subscriptions } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { modules, program } from "../../src/Programs/catalogue/Catalogue.ts"
import { printing } from "../Layers/Catalogue/App.ts"
import { stacks } from "../Layers/Stacks.ts"

const log = Effect.flatMap(EventStore.EventStore, (store) => store.readAll({}))

describe.each(stacks)("the story on $name", ({ layer }) => {
  it.effect("can be told again on the same log, with new products", () =>
    printing((lines) =>
      Effect.gen(function* () {
        yield* program
        const first = yield* log
        const told = lines.length
        yield* program
        const { events } = yield* log
        expect(first.events).toHaveLength(10)
        expect(events).toHaveLength(20)
        expect(new Set(events.map(({ stream }) => stream)).size).toBe(6)
        expect(events.slice(10).map(({ type }) => type)).toEqual(first.events.map(({ type }) => type))
        expect(lines[told]).toBe("  The log holds 10 events of earlier runs; two new products join them.")
      }).pipe(Effect.provide(Layer.provideMerge(modules, layer)))
    )
  )

  it.effect("ends with every subscriber at the head of the log", () =>
    printing(() =>
      Effect.gen(function* () {
        yield* program
        const states = yield* Subscriptions.status
        expect(states.map(({ name, position, status }) => [name, status, position])).toEqual(
          expect.arrayContaining(
            [
              "product-detail",
              "product-card",
              "product-listing",
              "audit-log",
              "low-stock-alert",
              "restock"
            ].map((name) => [name, "Live", 10])
          )
        )
      }).pipe(Effect.provide(Layer.provideMerge(modules, layer)))
    )
  )
})
