/** What rules refuse of what other rules have accepted. */
import type { Rules } from "./ShapeRules.ts"

/** What was accepted and is refused, or cannot be shown to be accepted still; empty when the rules are no tighter. */
export const between = (was: Rules, now: Rules): ReadonlyArray<string> => [
  ...(now.integer === true && was.integer !== true ? ["fractions were accepted and are refused"] : []),
  ...limit(least(was), least(now), 1),
  ...limit(most(was), most(now), -1),
  ...shortest(was.minLength, now.minLength),
  ...shortest(was.minItems, now.minItems),
  ...longest(was.maxLength, now.maxLength),
  ...longest(was.maxItems, now.maxItems),
  ...fresh(was.pattern, now.pattern, "match"),
  ...fresh(was.filter, now.filter, "be")
]

// internal

/** A bound, and whether it is accepted itself. */
interface Bound {
  readonly value: number
  readonly closed: boolean
}

const isRefused = (what: string) => [`${what} was accepted and is refused`]

const least = ({ exclusiveMinimum, integer, minimum }: Rules): Bound | undefined =>
  innermost(minimum, exclusiveMinimum, integer === true, 1)

const most = ({ exclusiveMaximum, integer, maximum }: Rules): Bound | undefined =>
  innermost(maximum, exclusiveMaximum, integer === true, -1)

/** The tighter one of two bounds. Among integers, above 0 is from 1. */
const innermost = (
  closed: number | undefined,
  open: number | undefined,
  integer: boolean,
  inwards: 1 | -1
): Bound | undefined => {
  const bounds = [
    ...(closed === undefined ? [] : [{ value: closed, closed: true }]),
    ...(open === undefined ? [] : [{ value: open, closed: false }])
  ].map((bound) => (integer ? whole(bound, inwards) : bound))
  return bounds.reduce<Bound | undefined>(
    (one, other) => (one === undefined || isTighter(one, other, inwards) ? other : one),
    undefined
  )
}

const whole = ({ closed, value }: Bound, inwards: 1 | -1): Bound => {
  const next = inwards === 1 ? Math.ceil(value) : Math.floor(value)
  return { value: next === value && !closed ? value + inwards : next, closed: true }
}

const isTighter = (was: Bound, now: Bound, inwards: 1 | -1): boolean =>
  was.value === now.value ? was.closed && !now.closed : (now.value - was.value) * inwards > 0

const limit = (was: Bound | undefined, now: Bound | undefined, inwards: 1 | -1): ReadonlyArray<string> => {
  if (now === undefined) return []
  if (was === undefined) return isRefused(String(now.closed ? now.value - inwards : now.value))
  if (!isTighter(was, now, inwards)) return []
  return isRefused(String(was.closed ? was.value : (was.value + now.value) / 2))
}

const shortest = (was = 0, now = 0): ReadonlyArray<string> =>
  now > was ? isRefused(`a length of ${was}`) : []

const longest = (was = Infinity, now = Infinity): ReadonlyArray<string> =>
  now < was ? isRefused(`a length of ${was === Infinity ? now + 1 : was}`) : []

const fresh = (was: ReadonlyArray<string> = [], now: ReadonlyArray<string> = [], verb: string) =>
  now
    .filter((rule) => !was.includes(rule))
    .map((rule) => `nothing says that everything that was accepted would ${verb} ${rule}`)
