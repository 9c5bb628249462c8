/** As much of JSON Schema, draft 7, as exported schemas have words of. */
import * as Predicate from "effect/Predicate"
import { isDeepStrictEqual } from "node:util"

/** Why a document with a schema in it refuses a value; nothing when it accepts it. */
export const problem = (document: object, schema: unknown, value: unknown): string | undefined => {
  if (!Predicate.isRecord(schema)) return schema === true ? undefined : "nothing is accepted"
  for (const [keyword, rule] of Object.entries(schema)) {
    if (silent.includes(keyword)) continue
    const check = keywords[keyword]
    if (check === undefined) throw new Error(`no schema of ours has the word ${keyword}`)
    const holds = check(
      rule,
      value,
      (one, part) => problem(document, one, part) === undefined,
      document,
      schema
    )
    if (!holds) return `${JSON.stringify(value)} is against ${keyword} ${JSON.stringify(rule)}`
  }
  return undefined
}

/** What a pointer such as `#/definitions/Name` points to in a document; throws when there is nothing. */
export const pointedTo = (document: object, pointer: string): unknown =>
  pointer
    .split("/")
    .slice(1)
    .reduce<unknown>((value, key) => {
      if (!Predicate.isRecord(value) || !(key in value)) throw new Error(`${pointer} points to nothing`)
      return value[key]
    }, document)

// internal

const silent = ["$schema", "title", "description", "definitions"]

type Check = (
  rule: unknown,
  value: unknown,
  accepts: (schema: unknown, value: unknown) => boolean,
  document: object,
  schema: Record<string, unknown>
) => boolean

const list = (rule: unknown): ReadonlyArray<unknown> => (Array.isArray(rule) ? rule : [])
const text =
  (holds: (rule: unknown, value: string) => boolean): Check =>
  (rule, value) =>
    typeof value !== "string" || holds(rule, value)
const number =
  (holds: (rule: number, value: number) => boolean): Check =>
  (rule, value) =>
    typeof value !== "number" || holds(Number(rule), value)

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: Predicate.isString,
  number: Predicate.isNumber,
  boolean: Predicate.isBoolean,
  integer: Number.isInteger,
  null: Predicate.isNull,
  array: Array.isArray,
  object: Predicate.isRecord
}

const keywords: Readonly<Record<string, Check>> = {
  type: (rule, value) => types[String(rule)]?.(value) === true,
  const: (rule, value) => isDeepStrictEqual(rule, value),
  enum: (rule, value) => list(rule).some((one) => isDeepStrictEqual(one, value)),
  anyOf: (rule, value, accepts) => list(rule).some((one) => accepts(one, value)),
  allOf: (rule, value, accepts) => list(rule).every((one) => accepts(one, value)),
  $ref: (rule, value, accepts, document) => accepts(pointedTo(document, String(rule)), value),
  required: (rule, value) =>
    !Predicate.isRecord(value) || list(rule).every((name) => Object.hasOwn(value, String(name))),
  properties: (rule, value, accepts) =>
    !Predicate.isRecord(value) ||
    !Predicate.isRecord(rule) ||
    Object.entries(rule).every(([name, one]) => !Object.hasOwn(value, name) || accepts(one, value[name])),
  additionalProperties: (rule, value, accepts, _document, { properties }) =>
    !Predicate.isRecord(value) ||
    Object.entries(value).every(
      ([name, part]) => (Predicate.isRecord(properties) && name in properties) || accepts(rule, part)
    ),
  items: (rule, value, accepts) => !Array.isArray(value) || value.every((item) => accepts(rule, item)),
  pattern: text((rule, value) => new RegExp(String(rule), "u").test(value)),
  minLength: text((rule, value) => [...value].length >= Number(rule)),
  maxLength: text((rule, value) => [...value].length <= Number(rule)),
  minimum: number((rule, value) => value >= rule),
  maximum: number((rule, value) => value <= rule),
  exclusiveMinimum: number((rule, value) => value > rule),
  exclusiveMaximum: number((rule, value) => value < rule)
}
