/** Where numbers lie on an axis on which growing by as many times is as long everywhere. */
import { count } from "./Table.ts"

/** An axis from its first tick, at 0, to its last, at 1. */
export interface Scale {
  readonly ticks: ReadonlyArray<number>
  readonly at: (value: number) => number
}

/** The shortest axis between round numbers that has room for the values, which are above zero. */
export const make = (values: ReadonlyArray<number>): Scale => {
  const ticks = ticksAround(Math.min(...values), Math.max(...values))
  const first = ticks[0] ?? 1
  const last = ticks.at(-1) ?? 10
  return { ticks, at: (value) => Math.log(value / first) / Math.log(last / first) }
}

/** A tick, or a value between two. */
export const label = (value: number): string =>
  value >= 1e6 ? `${count(value / 1e6)} million` : count(value)

// internal

/** Powers of ten where there are enough of them, else their doubles and halves, too. */
const ticksAround = (low: number, high: number): ReadonlyArray<number> => {
  const steps = high / low >= 100 ? [1] : [1, 2, 5]
  // A logarithm is rounded, so that a value just below a power of ten seems to be one.
  const lowest = Math.floor(Math.log10(low)) - 1
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - lowest + 2 }, (_, n) => lowest + n)
  const ticks = powers.flatMap((power) => steps.map((step) => Number(`${step}e${power}`)))
  const first = ticks.findLastIndex((tick) => tick <= low)
  const last = ticks.findIndex((tick, index) => index > first && tick >= high)
  return ticks.slice(first, last + 1)
}
