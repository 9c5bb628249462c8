/** What differs between two states: the rows of an audit. */
import * as Equal from "effect/Equal"
import * as Predicate from "effect/Predicate"

/** One field that changed; `undefined` where there was, or is, no such field. */
export interface Difference {
  readonly field: string
  readonly from: unknown
  readonly to: unknown
}

/** The top-level fields that differ, in the order in which they appear. */
export const between = (before: unknown, after: unknown): ReadonlyArray<Difference> => {
  const from = fieldsOf(before)
  const to = fieldsOf(after)
  return [...new Set([...from.keys(), ...to.keys()])]
    .map((field) => ({ field, from: from.get(field), to: to.get(field) }))
    .filter((difference) => !same(difference.from, difference.to))
}

// internal

const fieldsOf = (state: unknown): ReadonlyMap<string, unknown> =>
  typeof state === "object" && state !== null ? new Map(Object.entries(state)) : new Map([["value", state]])

const same = (a: unknown, b: unknown): boolean => {
  if (Equal.equals(a, b) || Object.is(a, b)) return true
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false
  if (Predicate.isIterable(a) && Predicate.isIterable(b))
    return between({ ...[...a] }, { ...[...b] }).length === 0
  // What has no fields to show, a date for instance, is the same only if it says so itself.
  return (isPlain(a) || Object.keys(a).length > 0) && between(a, b).length === 0
}

const isPlain = (value: object): boolean => Object.getPrototypeOf(value) === Object.prototype
