/** What the refinements of a Schema accept, in a form that can be written down and compared. */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import * as Text from "../Text.ts"

const bound = Schema.optionalWith(Schema.Number, { exact: true })
const texts = Schema.optionalWith(Schema.Array(Schema.String), { exact: true })

/** What is accepted of a type; the words are those of JSON Schema where it has them. */
export const Rules = Schema.Struct({
  integer: Schema.optionalWith(Schema.Literal(true), { exact: true }),
  minimum: bound,
  exclusiveMinimum: bound,
  maximum: bound,
  exclusiveMaximum: bound,
  minLength: bound,
  maxLength: bound,
  minItems: bound,
  maxItems: bound,
  /** All of them hold. */
  pattern: texts,
  /** The names of filters, of which nothing else is known; all of them hold. */
  filter: texts
})
export type Rules = typeof Rules.Type

/** The rule of one refinement; `undefined` when it is a function without a name, which nobody can see. */
export const ofRefinement = (ast: AST.Refinement): Rules | undefined => {
  const json = Option.getOrElse(AST.getJSONSchemaAnnotation(ast), () => ({}))
  const flags = flagsOf(ast)
  let rules: Rules = {}
  for (const [key, value] of Object.entries(json)) rules = both(rules, ofKeyword(key, value, flags))
  if (Object.keys(rules).length > 0) return rules
  const name = nameOf(ast)
  return name === undefined ? undefined : { filter: [name] }
}

/** What a refinement or a transformation is called; those of effect have an id, if nothing else. */
export const nameOf = (ast: AST.Annotated): string | undefined => {
  const id = Option.getOrUndefined(
    Option.orElse(AST.getIdentifierAnnotation(ast), () => AST.getSchemaIdAnnotation(ast))
  )
  return typeof id === "symbol" ? id.description?.split("/").at(-1) : id
}

/** What fits one and the other. */
export const both = (one: Rules, other: Rules): Rules => {
  const rules: Draft = { ...one, ...other }
  for (const key of lower) stricter(rules, key, Math.max, one[key], other[key])
  for (const key of upper) stricter(rules, key, Math.min, one[key], other[key])
  for (const key of ["pattern", "filter"] as const) {
    const all = [...new Set([...(one[key] ?? []), ...(other[key] ?? [])])]
    if (all.length > 0) rules[key] = all.sort(Text.compare)
  }
  return rules
}

// internal

type Draft = { -readonly [Key in keyof Rules]: Rules[Key] }
type Limit = (typeof lower)[number] | (typeof upper)[number]

const lower = ["minimum", "exclusiveMinimum", "minLength", "minItems"] as const
const upper = ["maximum", "exclusiveMaximum", "maxLength", "maxItems"] as const

/** Keywords that restrict nothing, or say what the type says already. */
const silent = ["type", "title", "description", "examples", "default", "$schema", "$id", "$comment"]

const stricter = (
  rules: Draft,
  key: Limit,
  choose: (one: number, other: number) => number,
  one: number | undefined,
  other: number | undefined
): void => {
  if (one !== undefined && other !== undefined) rules[key] = choose(one, other)
}

const ofKeyword = (key: string, value: unknown, flags: string): Rules => {
  if (key === "type" && value === "integer") return { integer: true }
  if (silent.includes(key)) return {}
  if (key === "pattern") return { pattern: [flags === "" ? String(value) : `/${String(value)}/${flags}`] }
  const limit = [...lower, ...upper].find((name) => name === key)
  const rules: Draft = {}
  if (limit === undefined || typeof value !== "number") rules.filter = [`${key} ${JSON.stringify(value)}`]
  else rules[limit] = value
  return rules
}

/** JSON Schema has no flags, and a flag changes what a pattern matches. */
const flagsOf = ({ annotations }: AST.Annotated): string => {
  const pattern = annotations[Schema.PatternSchemaId]
  return Predicate.hasProperty(pattern, "regex") && pattern.regex instanceof RegExp ? pattern.regex.flags : ""
}
