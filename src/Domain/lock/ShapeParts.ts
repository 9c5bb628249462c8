/** The differences between the parts of two objects, or of two lists. */
import type { Shape } from "./ShapeForm.ts"
import * as Text from "../Text.ts"

/** One difference, at one place. */
export interface Difference {
  readonly breaking: boolean
  /** The place, what was there and what is there now, and what that breaks. */
  readonly line: string
}

/** Says something of a field; what there is to say against it makes it breaking. */
export const says = (field: string, words: string, ...against: ReadonlyArray<string>): Difference => ({
  breaking: against.length > 0,
  line: [
    `${field === "" ? "it" : `"${field}"`} ${words}`,
    ...(against.length > 0 ? [against.join(", ")] : [])
  ].join(": ")
})

/** How two shapes in one place are compared. */
export type Between = (was: Shape, now: Shape, field: string) => ReadonlyArray<Difference>

/** The differences between the fields of two objects. */
export const objects = (
  was: Shape,
  now: Shape,
  field: string,
  between: Between
): ReadonlyArray<Difference> => {
  const names = new Set([...Object.keys(was.properties ?? {}), ...Object.keys(now.properties ?? {})])
  return [
    ...[...names].sort(Text.compare).flatMap((name) => {
      const at = join(field, name)
      const old = was.properties?.[name] ?? was.additionalProperties
      const fresh = now.properties?.[name] ?? now.additionalProperties
      if (fresh === undefined) return [says(at, "is gone", "what is stored there would be dropped")]
      return [...presence(was, now, name, at), ...(old === undefined ? [] : between(old, fresh, at))]
    }),
    ...others(was, now, join(field, "*"), between)
  ]
}

/** The differences between the elements of two lists. */
export const arrays = (
  was: Shape,
  now: Shape,
  field: string,
  between: Between
): ReadonlyArray<Difference> => {
  const length = Math.max(was.prefixItems?.length ?? 0, now.prefixItems?.length ?? 0)
  const elements = Array.from({ length }, (_, n) => ({
    at: join(field, String(n)),
    old: was.prefixItems?.[n] ?? was.items,
    fresh: now.prefixItems?.[n] ?? now.items
  }))
  return [...elements, { at: join(field, "*"), old: was.items, fresh: now.items }].flatMap(
    ({ at, fresh, old }) => {
      if (old === undefined) return fresh === undefined ? [] : [says(at, "is new, and may be absent")]
      return fresh === undefined
        ? [says(at, "is gone", "a list that has it is refused")]
        : between(old, fresh, at)
    }
  )
}

// internal

const join = (field: string, name: string): string => (field === "" ? name : `${field}.${name}`)

/** Whether a field has to be there. */
const presence = (was: Shape, now: Shape, name: string, at: string): ReadonlyArray<Difference> => {
  const isNeeded = now.required?.includes(name) === true
  if (was.properties?.[name] === undefined) {
    return isNeeded
      ? [says(at, "is new and must be there", "what is stored does not have it")]
      : [says(at, "is new, and may be absent")]
  }
  const wasNeeded = was.required?.includes(name) === true
  if (wasNeeded === isNeeded) return []
  return isNeeded
    ? [says(at, "could be absent and must be there now", "what is stored may not have it")]
    : [says(at, "had to be there, and may be absent now")]
}

/** What fields without a name of their own may be, and what they may be called. */
const others = (was: Shape, now: Shape, at: string, between: Between): ReadonlyArray<Difference> => {
  if (was.additionalProperties === undefined)
    return now.additionalProperties === undefined ? [] : [says(at, "is new: other fields are kept")]
  if (now.additionalProperties === undefined)
    return [says(at, "is gone", "what is stored in other fields would be dropped")]
  const names = was.propertyNames ?? { type: "string" }
  return [
    ...between(was.additionalProperties, now.additionalProperties, at),
    ...between(names, now.propertyNames ?? { type: "string" }, `${at} (names)`)
  ]
}
