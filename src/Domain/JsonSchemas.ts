/** Messages as JSON Schema, draft 7, for programs in other languages: one schema for each form that is stored. */
import * as JSONSchema from "effect/JSONSchema"
import * as Forms from "./Forms.ts"
import type * as Message from "./Message.ts"

/** A JSON Schema, as data. */
export interface JsonSchema {
  readonly [keyword: string]: unknown
}

/**
 * The schemas of some messages under the names of their forms, as in `ProductCreated.1`; throws when one has no form
 * in JSON. They say of what can be read as much as JSON Schema has words for: a filter that only JavaScript can run is
 * left out, and so are the flags of a pattern.
 */
export const of = (messages: Message.List): ReadonlyMap<string, JsonSchema> =>
  new Map(
    Forms.of(messages).map((form) => [
      Forms.nameOf(form),
      { $schema: "http://json-schema.org/draft-07/schema#", ...payloadOf(form, "#") }
    ])
  )

/**
 * What is stored of a form: without its tag, which stands beside it. Where the schema is put into a larger document,
 * `at` points to it.
 */
export const payloadOf = (form: Forms.Form, at: string): JsonSchema => {
  const definitions: Record<string, JSONSchema.JsonSchema7> = {}
  const body = bodyOf(form, definitions, `${at}/definitions/`)
  return {
    title: form.type,
    ...withoutTag(body),
    ...(Object.keys(definitions).length === 0 ? {} : { definitions })
  }
}

// internal

/** What is read may have more properties than are known: an event of tomorrow is still one of its revision. */
const bodyOf = (
  form: Forms.Form,
  definitions: Record<string, JSONSchema.JsonSchema7>,
  definitionPath: string
): object => {
  try {
    return JSONSchema.fromAST(form.schema.ast, {
      definitions,
      definitionPath,
      topLevelReferenceStrategy: "skip",
      additionalPropertiesStrategy: "allow"
    })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new TypeError(`${Forms.nameOf(form)} has no form in JSON: ${why}`)
  }
}

const withoutTag = (schema: object): JsonSchema =>
  Object.fromEntries(
    Object.entries(schema).map(([keyword, value]: readonly [string, unknown]) => {
      if (keyword === "required" && Array.isArray(value)) {
        return [keyword, value.filter((name) => name !== "_tag")]
      }
      return keyword === "properties" && isObject(value)
        ? [keyword, Object.fromEntries(Object.entries(value).filter(([name]) => name !== "_tag"))]
        : [keyword, value]
    })
  )

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null
