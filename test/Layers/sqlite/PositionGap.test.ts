import { describe, expect, it } from "@effect/vitest"
import type { EventStore } from "everfold"
import * as Effect from "effect/Effect"
import { sixEvents, withoutTriggers } from "./files.ts"

describe("a hole in the log stops every reader, and nothing is skipped", () => {
  const queries: ReadonlyArray<readonly [string, EventStore.LogQuery]> = [
    ["everything", {}],
    ["a type", { types: ["Changed"] }],
    ["a type that is not there", { types: ["NeverHappened"] }],
    ["a category", { categories: ["Product"] }],
    ["a category that is not there", { categories: ["Order"] }],
    ["since a time", { since: 1 }],
    ["small pages", { limit: 2 }],
    ["small pages of a type", { types: ["Changed"], limit: 1 }]
  ]
  for (const hole of [1, 3, 5]) {
    for (const [what, query] of queries) {
      it.scopedLive(`a hole at position ${hole}, reading ${what}`, () =>
        Effect.gen(function* () {
          const { log, raw } = yield* sixEvents
          withoutTriggers(raw)
          raw.exec(`delete from events where position = ${hole}`)
          const seen: Array<number> = []
          let after = 0
          const read = Effect.gen(function* () {
            while (true) {
              const page = yield* log.readAll({ ...query, after })
              seen.push(...page.events.map(({ position }) => position))
              if (page.to === after) return "the head"
              after = page.to
            }
          })
          const error = yield* Effect.flip(read)
          expect(error.reason).toBe("PositionGap")
          expect(error.transient).toBe(false)
          expect(after).toBeLessThan(hole)
          expect(seen.every((position) => position < hole)).toBe(true)
        })
      )
    }
  }

  it.scopedLive("a search for a time does not pass over a hole that it meets", () =>
    Effect.gen(function* () {
      const { log, raw } = yield* sixEvents
      withoutTriggers(raw)
      raw.exec("update events set recorded_at = position * 10")
      raw.exec("delete from events where position = 3")
      const error = yield* Effect.flip(log.readAll({ since: 20 }))
      expect(error.reason).toBe("PositionGap")
    })
  )

  it.scopedLive("a hole in a stream stops whoever reads the stream", () =>
    Effect.gen(function* () {
      const { log, raw } = yield* sixEvents
      withoutTriggers(raw)
      raw.exec("delete from events where stream = 'Product-1' and version = 2")
      const error = yield* Effect.flip(log.readStream({ stream: "Product-1" }))
      expect(error.reason).toBe("PositionGap")
      expect(yield* Effect.flip(log.readPast({ stream: "Product-1" }))).toEqual(error)
      const before = yield* log.readStream({ stream: "Product-1", version: 1 })
      expect(before.map(({ version }) => version)).toEqual([1])
      const other = yield* log.readStream({ stream: "Product-2" })
      expect(other.map(({ version }) => version)).toEqual([1, 2])
    })
  )
})
