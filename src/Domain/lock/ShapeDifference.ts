/**
 * What a change of a shape means for what is stored in the old one. Whatever cannot be shown to survive is breaking:
 * the new shape refuses it, reads it in another way, or drops a part of it in silence.
 */
import type { Literal, Shape } from "./ShapeForm.ts"
import { arrays, type Difference, objects, says } from "./ShapeParts.ts"
import * as ShapeRefusals from "./ShapeRefusals.ts"
import { describe, tagsOf } from "./ShapeText.ts"
import * as Text from "../Text.ts"

export type { Difference } from "./ShapeParts.ts"

/** What is different between two shapes; empty when they are the same. */
export const between = (was: Shape, now: Shape, field = ""): ReadonlyArray<Difference> => {
  if (same(was, now)) return []
  const before = alternatives(was)
  const after = alternatives(now)
  const [one, ...moreBefore] = before
  const [other, ...moreAfter] = after
  if (one !== undefined && other !== undefined && moreBefore.length + moreAfter.length === 0)
    return isOfKind(one, other) ? within(one, other, field) : [changed(was, now, field, [isRefused(one)])]
  return several(was, now, field, { before, after })
}

/** Whether two shapes are the same, whatever the order in which they say it. */
export const same = (one: Shape, other: Shape): boolean => sorted(one) === sorted(other)

// internal

const sorted = (shape: Shape): string =>
  JSON.stringify(shape, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => Text.compare(a, b)))
      : value
  )

/** The differences when one or both of them may be several things. */
const several = (
  was: Shape,
  now: Shape,
  field: string,
  { after, before }: Alternatives
): ReadonlyArray<Difference> => {
  const found = before.map((shape) => ({ shape, best: bestOf(shape, after, field) }))
  const reasons = [
    ...found.flatMap(({ best, shape }, n) =>
      best === undefined
        ? [isRefused(shape)]
        : overtaken({ before: before.slice(0, n), after: after.slice(0, best.at) }, shape)
    ),
    ...ShapeRefusals.between(was.accepts ?? {}, now.accepts ?? {})
  ]
  const inner = [...found.flatMap(({ best }) => best?.differences ?? []), ...meaning(was, now, field)]
  const isWider = after.some((shape) => !before.some((one) => isOfKind(one, shape)))
  return reasons.length > 0 || isWider || inner.length === 0
    ? [changed(was, now, field, reasons), ...inner]
    : inner
}

interface Alternatives {
  readonly before: ReadonlyArray<Shape>
  readonly after: ReadonlyArray<Shape>
}

/** The first alternative that fits is taken: whatever is tried earlier now, and was not, may make something else of it. */
const overtaken = ({ after, before }: Alternatives, shape: Shape): ReadonlyArray<string> =>
  after
    .filter((now) => overlaps(shape, now) && !(isPlain(shape) && isPlain(now)))
    .filter((now) => !before.some((one) => same(one, now)))
    .map((now) => `${describe(shape)} may be taken for ${describe(now)}`)

/** Whether something could be both. */
const overlaps = (one: Shape, other: Shape): boolean =>
  one.$ref !== undefined || other.$ref !== undefined || isOfKind(one, other) || isOfKind(other, one)

/** It is read as what it is. */
const isPlain = ({ decoded, type }: Shape): boolean =>
  decoded === undefined && type !== "object" && type !== "array"

const changed = (was: Shape, now: Shape, field: string, reasons: ReadonlyArray<string>): Difference =>
  says(field, `was ${describe(was)}, now ${describe(now)}`, ...reasons)

const isRefused = (shape: Shape): string => `${describe(shape)} was accepted and is refused`

/** What a shape may be, one at a time. */
const alternatives = (shape: Shape): ReadonlyArray<Shape> => {
  const { anyOf, enum: values, ...rest } = shape
  if (anyOf !== undefined) return anyOf.flatMap(alternatives)
  return values === undefined ? [shape] : values.map((value) => ({ ...rest, enum: [value] }))
}

/** Whether one could stand for the other, as far as their types and their tags tell. */
const isOfKind = (was: Shape, now: Shape): boolean => {
  if (isAnything(now)) return true
  if (was.$ref !== undefined || now.$ref !== undefined) return was.$ref === now.$ref
  if (now.enum !== undefined) return was.enum !== undefined && was.enum[0] === now.enum[0]
  if (was.enum !== undefined) return was.enum.every((value) => typeOf(value) === now.type)
  return was.type === now.type && !tagsOf(was).some(([name, tag]) => (tagOf(now, name) ?? tag) !== tag)
}

const typeOf = (value: Literal): string => (value === null ? "null" : typeof value)

const isAnything = (shape: Shape): boolean => Object.keys(shape).length === 0

const tagOf = (shape: Shape, name: string) => tagsOf(shape).find(([tag]) => tag === name)?.[1]

/** The alternative that breaks least, and what is different there; `undefined` when none could stand for it. */
const bestOf = (was: Shape, after: ReadonlyArray<Shape>, field: string) =>
  after
    .flatMap((now, at) =>
      isOfKind(was, now) ? [{ at, differences: same(was, now) ? [] : within(was, now, field) }] : []
    )
    .sort((one, other) => breaks(one) - breaks(other))
    .at(0)

const breaks = ({ differences }: { readonly differences: ReadonlyArray<Difference> }): number =>
  differences.filter(({ breaking }) => breaking).length

/** The differences between two shapes of a kind. */
const within = (was: Shape, now: Shape, field: string): ReadonlyArray<Difference> => {
  if (isAnything(now))
    return [changed(was, now, field, isDecoded(was) ? ["it would not be decoded any more"] : [])]
  const rules = ShapeRefusals.between(was.accepts ?? {}, now.accepts ?? {})
  const isLiteral = was.enum !== undefined && now.enum === undefined
  const looksOther = isLiteral || !same({ accepts: was.accepts ?? {} }, { accepts: now.accepts ?? {} })
  return [
    ...(looksOther ? [changed(was, now, field, rules)] : []),
    ...meaning(was, now, field),
    ...(was.type === "object" ? objects(was, now, field, between) : []),
    ...(was.type === "array" ? arrays(was, now, field, between) : [])
  ]
}

const isDecoded = (shape: Shape): boolean => {
  const { additionalProperties, anyOf = [], items, prefixItems = [], properties = {} } = shape
  const parts = [...anyOf, ...prefixItems, ...Object.values(properties), items, additionalProperties]
  return shape.decoded !== undefined || parts.some((part) => part !== undefined && isDecoded(part))
}

/** What is made of what was read. */
const meaning = (was: Shape, now: Shape, field: string): ReadonlyArray<Difference> => {
  if (was.decoded === undefined && now.decoded === undefined) return []
  return was.decoded === undefined || now.decoded === undefined || was.by !== now.by
    ? [changed(was, now, field, ["it would be read in another way"])]
    : between(was.decoded, now.decoded, field)
}
