import { Message } from "everfold"
import { Shape } from "everfold/testing"
import * as JSONSchema from "effect/JSONSchema"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"

const shapeOf = (schema: Schema.Schema.Any) => Shape.of("it", schema)

interface Tree {
  readonly left?: Tree
}
const Tree: Schema.Schema<Tree> = Schema.Struct({
  left: Schema.optionalWith(
    Schema.suspend(() => Tree),
    { exact: true }
  )
})

describe("a shape", () => {
  it.each([
    { what: "a text", schema: Schema.String, shape: { type: "string" } },
    { what: "anything", schema: Schema.Unknown, shape: {} },
    {
      what: "a refinement",
      schema: Schema.Int.pipe(Schema.positive()),
      shape: { type: "number", accepts: { integer: true, exclusiveMinimum: 0 } }
    },
    {
      what: "refinements of one kind",
      schema: Schema.String.pipe(
        Schema.pattern(/b/),
        Schema.maxLength(9),
        Schema.pattern(/a/i),
        Schema.maxLength(8)
      ),
      shape: { type: "string", accepts: { maxLength: 8, pattern: ["/a/i", "b"] } }
    },
    {
      what: "a refinement without words",
      schema: Schema.JsonNumber,
      shape: { type: "number", accepts: { filter: ["JsonNumber"] } }
    },
    {
      what: "a filter with an identifier",
      schema: Schema.String.pipe(Schema.filter((text) => text.isWellFormed(), { identifier: "WellFormed" })),
      shape: { type: "string", accepts: { filter: ["WellFormed"] } }
    },
    {
      what: "a filter with words of JSON Schema",
      schema: Schema.String.pipe(
        Schema.filter((text) => text !== "", { jsonSchema: { minLength: 1, format: "text" } })
      ),
      shape: { type: "string", accepts: { minLength: 1, filter: ['format "text"'] } }
    },
    { what: "literals", schema: Schema.Literal("b", 1, null, "a"), shape: { enum: ["a", "b", 1, null] } },
    {
      what: "a union",
      schema: Schema.NullOr(Schema.String),
      shape: { anyOf: [{ type: "string" }, { enum: [null] }] }
    },
    {
      what: "fields that may be absent",
      schema: Schema.Struct({
        b: Schema.optional(Schema.Int),
        a: Schema.UndefinedOr(Schema.String),
        d: Schema.Unknown,
        c: Schema.optionalWith(Schema.Boolean, { default: () => false })
      }),
      shape: {
        type: "object",
        properties: {
          a: { type: "string" },
          b: { type: "number", accepts: { integer: true } },
          c: { type: "boolean" },
          d: {}
        },
        required: []
      }
    },
    {
      what: "a class",
      schema: class Money extends Schema.Class<Money>("Money")({ amount: Schema.String }) {},
      shape: { type: "object", properties: { amount: { type: "string" } }, required: ["amount"] }
    },
    {
      what: "a transformation",
      schema: Schema.NumberFromString.pipe(Schema.positive()),
      shape: {
        type: "string",
        by: "NumberFromString",
        decoded: { type: "number", accepts: { exclusiveMinimum: 0 } }
      }
    },
    {
      what: "what contains itself",
      schema: Tree,
      shape: { type: "object", properties: { left: { $ref: "#" } }, required: [] }
    },
    {
      what: "a list that is not empty",
      schema: Schema.NonEmptyArray(Schema.String),
      shape: {
        type: "array",
        prefixItems: [{ type: "string" }],
        items: { type: "string" },
        accepts: { minItems: 1 }
      }
    }
  ])("of $what", ({ schema, shape }) => {
    expect(shapeOf(schema)).toEqual(shape)
  })

  it("of a message is what is stored, without the tag", () => {
    class Seen extends Message.Struct<Seen>()("Seen", { by: Schema.String }) {}
    const shape = { type: "object", properties: { by: { type: "string" } }, required: ["by"] }
    expect(Shape.ofMessage("event Seen", Seen)).toEqual(shape)
    expect(JSONSchema.make(Schema.Struct({ by: Schema.String }))).toMatchObject(shape)
  })
})

describe("what cannot be seen is refused", () => {
  const inField = (schema: Schema.Schema.Any) => () =>
    Shape.of("event E revision 1", Schema.Struct({ items: Schema.Array(Schema.Struct({ name: schema })) }))

  it.each([
    {
      what: "a filter without a name",
      schema: Schema.String.pipe(Schema.filter((text) => text !== "")),
      why: "has a filter that cannot be seen: give it a jsonSchema annotation, an identifier or a schemaId"
    },
    {
      what: "a filter whose annotation says nothing",
      schema: Schema.String.pipe(
        Schema.filter((text) => text !== "", { jsonSchema: { description: "some" } })
      ),
      why: "has a filter that cannot be seen: give it a jsonSchema annotation, an identifier or a schemaId"
    },
    {
      what: "a transformation without a name",
      schema: Schema.transform(Schema.String, Schema.String, {
        decode: (text) => text,
        encode: (text) => text
      }),
      why: "has a transformation that cannot be seen: give it an identifier"
    },
    { what: "a date", schema: Schema.DateFromSelf, why: "has no form in JSON: DateFromSelf" },
    { what: "a bigint", schema: Schema.BigIntFromSelf, why: "has no form in JSON: bigint" }
  ])("$what", ({ schema, why }) => {
    expect(inField(schema)).toThrow(new TypeError(`event E revision 1: "items.*.name" ${why}`))
  })
})
