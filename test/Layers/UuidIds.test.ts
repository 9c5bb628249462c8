import { describe, expect, it } from "@effect/vitest"
import { Ids, SequentialIds, UuidIds } from "everfold"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"

const many = (count: number) => Effect.replicateEffect(Ids.next, count)

it.effect("a UUID of version 7 with the time in front (RFC 9562)", () =>
  Effect.gen(function* () {
    expect(yield* Ids.next).toMatch(/^00000000-0000-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    yield* TestClock.setTime(0x0123456789ab)
    const id = yield* Ids.next
    expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  }).pipe(Effect.provide(UuidIds.layer))
)

it.effect("a hundred thousand in one millisecond differ, and each sorts after the one before", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(1_700_000_000_000)
    const ids = yield* many(100_000)
    expect(new Set(ids).size).toBe(100_000)
    expect(ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? ""))).toBe(true)
    expect(
      ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))
    ).toBe(true)
  }).pipe(Effect.provide(UuidIds.layer))
)

it.effect("they sort by when they were made, also when the clock goes back", () =>
  Effect.gen(function* () {
    const ids: Array<string> = []
    for (const time of [5000, 6000, 1000, 999.5, 6000, 6001]) {
      yield* TestClock.setTime(time)
      ids.push(...(yield* many(3)))
    }
    expect(ids).toEqual([...ids].sort())
    expect(new Set(ids).size).toBe(18)
    expect(ids[17]?.startsWith("00000000-1771-7002")).toBe(true)
  }).pipe(Effect.provide(UuidIds.layer))
)

it.effect("two programs at the same moment make different ids", () =>
  Effect.gen(function* () {
    const one = Effect.provide(many(1000), UuidIds.layer)
    expect(new Set([...(yield* one), ...(yield* one)]).size).toBe(2000)
  })
)

it.effect("sequential ids count", () =>
  Effect.gen(function* () {
    expect(yield* many(2)).toEqual([
      "00000000-0000-7000-8000-000000000001",
      "00000000-0000-7000-8000-000000000002"
    ])
  }).pipe(Effect.provide(SequentialIds.layer))
)
