/** How a shape is written down. */
import * as Schema from "effect/Schema"
import { Rules } from "./ShapeRules.ts"

/** What JSON says in one word. */
export type Literal = string | number | boolean | null

/** A shape; one without anything accepts anything. */
export interface Shape {
  /** As in JSON Schema; of what was decoded already, the name of a type that JSON may not have. */
  readonly type?: string
  readonly enum?: ReadonlyArray<Literal>
  readonly anyOf?: ReadonlyArray<Shape>
  readonly properties?: { readonly [name: string]: Shape }
  readonly required?: ReadonlyArray<string>
  /** Of properties that are not named; without it they are dropped. */
  readonly additionalProperties?: Shape
  readonly propertyNames?: Shape
  readonly prefixItems?: ReadonlyArray<Shape>
  readonly items?: Shape
  /** The shape around it, at this place, once more. */
  readonly $ref?: string
  readonly accepts?: Rules
  /** What is made of it, and what is accepted of that. */
  readonly decoded?: Shape
  /** What makes it. */
  readonly by?: string
}

const inner = Schema.optionalWith(
  Schema.suspend((): Schema.Schema<Shape> => Shape),
  { exact: true }
)
const list = Schema.optionalWith(Schema.Array(Schema.suspend((): Schema.Schema<Shape> => Shape)), {
  exact: true
})
const text = Schema.optionalWith(Schema.String, { exact: true })

/** The Schema of shapes. */
export const Shape: Schema.Schema<Shape> = Schema.Struct({
  type: text,
  enum: Schema.optionalWith(
    Schema.Array(Schema.NullOr(Schema.Union(Schema.String, Schema.Number, Schema.Boolean))),
    { exact: true }
  ),
  anyOf: list,
  properties: Schema.optionalWith(
    Schema.Record({ key: Schema.String, value: Schema.suspend((): Schema.Schema<Shape> => Shape) }),
    { exact: true }
  ),
  required: Schema.optionalWith(Schema.Array(Schema.String), { exact: true }),
  additionalProperties: inner,
  propertyNames: inner,
  prefixItems: list,
  items: inner,
  $ref: text,
  accepts: Schema.optionalWith(Rules, { exact: true }),
  decoded: inner,
  by: text
})
