/** Ids as UUIDs of version 7 (RFC 9562): 48 bits of time, a counter within the millisecond, random bits. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Ids } from "../Services/Ids.ts"

export const make = Effect.sync(() => {
  const random = randomBytes()
  let last = 0
  let counter = 0
  return Ids.of({
    next: Effect.clockWith((clock) => {
      const time = Math.floor(clock.unsafeCurrentTimeMillis())
      if (time > last) {
        last = time
        counter = 0
      } else if (++counter > 0xfff) {
        last += 1
        counter = 0
      }
      return Effect.succeed(format(last, counter, random()))
    })
  })
})

/** Ids that are unique everywhere and sort by time, even when the clock goes back. */
export const layer: Layer.Layer<Ids> = Layer.effect(Ids, make)

// internal

/** Eight random bytes each time; to ask for many at once is a tenth of the work. */
const randomBytes = () => {
  const pool = new Uint8Array(8 * 256)
  let at = pool.length
  return (): Uint8Array => {
    if (at === pool.length) {
      crypto.getRandomValues(pool)
      at = 0
    }
    return pool.subarray(at, (at += 8))
  }
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0")

const pairs = Array.from({ length: 256 }, (_, byte) => hex(byte, 2))

const format = (time: number, counter: number, random: Uint8Array): string => {
  let tail = ""
  for (const byte of random) tail += pairs[tail === "" ? (byte & 0x3f) | 0x80 : byte]
  const head = hex(time, 12)
  return `${head.slice(0, 8)}-${head.slice(8)}-7${hex(counter, 3)}-${tail.slice(0, 4)}-${tail.slice(4)}`
}
