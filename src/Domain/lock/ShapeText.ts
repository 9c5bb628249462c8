/** Shapes as a reader says them: `an integer from 0`, `"CHF" or "EUR"`. */
import type { Shape } from "./ShapeForm.ts"
import type { Rules } from "./ShapeRules.ts"

/** A shape in a few words. */
export const describe = (shape: Shape): string => {
  const { accepts = {}, by, decoded } = shape
  const words = [base(shape, accepts), rules(accepts)].filter((text) => text !== "").join(" ")
  return decoded === undefined ? words : `${words} read as ${by ?? describe(decoded)}`
}

/** The fields that have one value only, and so tell an object from others; with that value in JSON. */
export const tagsOf = ({ properties = {} }: Shape): ReadonlyArray<readonly [name: string, value: string]> =>
  Object.entries(properties).flatMap(([name, { enum: values = [] }]) =>
    values.length === 1 ? values.map((value) => [name, JSON.stringify(value)] as const) : []
  )

// internal

const base = (shape: Shape, { integer }: Rules): string => {
  const { $ref, anyOf, enum: values, items, type } = shape
  if ($ref !== undefined) return `what is at ${$ref}`
  if (anyOf !== undefined) return anyOf.map(describe).join(" or ")
  if (values !== undefined)
    return values.length === 0 ? "nothing" : values.map((value) => JSON.stringify(value)).join(" or ")
  switch (type) {
    case undefined:
      return "anything"
    case "string":
      return "a text"
    case "number":
      return integer === true ? "an integer" : "a number"
    case "boolean":
      return "true or false"
    case "object":
      return ["an object", ...tagsOf(shape).map(([name, value]) => `with ${name} ${value}`)].join(" ")
    case "array":
      return items === undefined ? "a list" : `a list of ${describe(items)}`
    default:
      return type
  }
}

const rules = (given: Rules): string =>
  [
    ...say("from", given.minimum),
    ...say("above", given.exclusiveMinimum),
    ...say("to", given.maximum),
    ...say("below", given.exclusiveMaximum),
    ...size(given.minLength, given.maxLength, "characters"),
    ...size(given.minItems, given.maxItems, "items"),
    ...(given.pattern ?? []).map((pattern) => `like ${pattern}`),
    ...(given.filter ?? []).map((name) => `that is ${name}`)
  ].join(" ")

const say = (word: string, value: number | undefined) => (value === undefined ? [] : [`${word} ${value}`])

const size = (least: number | undefined, most: number | undefined, unit: string) => {
  if (least === undefined && most === undefined) return []
  if (most === undefined) return [`of at least ${least} ${unit}`]
  return [least === undefined ? `of at most ${most} ${unit}` : `of ${least} to ${most} ${unit}`]
}
