/** Ids as UUIDs of version 7 (RFC 9562): 48 bits of time, a counter within the millisecond, random bits. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Ids } from "../Services/Ids.ts"

export const make = Effect.sync(() => {
  let last = 0
  let counter = 0
  let head = headOf(last)
  const begin = (time: number) => {
    last = time
    counter = 0
    head = headOf(time)
  }
  return Ids.of({
    next: Effect.clockWith((clock) => {
      const time = Math.floor(clock.unsafeCurrentTimeMillis())
      if (time > last) begin(time)
      else if (++counter > 0xfff) begin(last + 1)
      return Effect.succeed(`${head}${hex(counter, 3)}-${randomTail()}`)
    })
  })
})

/** Ids that are unique everywhere and sort by time, even when the clock goes back. */
export const layer: Layer.Layer<Ids> = Layer.effect(Ids, make)

// internal

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0")

/** The time, which many ids have in common, and the version. */
const headOf = (time: number): string => {
  const digits = hex(time, 12)
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7`
}

/** Variant and random bits are those of a UUID of version 4. */
const randomTail = (): string => crypto.randomUUID().slice(19)
