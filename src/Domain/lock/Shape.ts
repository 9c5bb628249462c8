/**
 * The shape of a Schema: what it looks like on the wire, as JSON Schema of its encoded side, and, under `accepts`,
 * what of that is decoded. A function has no shape: of filters and transformations it holds the names.
 */
import * as Option from "effect/Option"
import * as AST from "effect/SchemaAST"
import * as Message from "../Message.ts"
import type { Shape } from "./ShapeForm.ts"
import * as ShapeRules from "./ShapeRules.ts"
import * as ShapeUnion from "./ShapeUnion.ts"
import * as Text from "../Text.ts"

export { Shape, type Literal } from "./ShapeForm.ts"

/**
 * The shape of a Schema; throws, in a sentence that begins with `what` and names the field, where a function has no
 * name, or where there is no form in JSON.
 */
export const of = (what: string, schema: { readonly ast: AST.AST }): Shape =>
  walk(schema.ast, { what, field: "", pointer: "#", above: new Map(), wire: true })

/** The shape of a message as it is stored: without its tag, which is stored beside it. */
export const ofMessage = (what: string, message: Message.Any): Shape => {
  const { properties = {}, required = [], ...shape } = of(what, message)
  return {
    ...shape,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => name !== "_tag")),
    required: required.filter((name) => name !== "_tag")
  }
}

// internal

interface Place {
  readonly what: string
  /** As a reader says it, such as `price.amount`. */
  readonly field: string
  /** As JSON Schema says it, such as `#/properties/price`. */
  readonly pointer: string
  readonly above: ReadonlyMap<AST.AST, string>
  /** Nothing was decoded yet: it is JSON. */
  readonly wire: boolean
}

const walk = (ast: AST.AST, place: Place): Shape => {
  const at = { ...place, above: new Map(place.above).set(ast, place.pointer) }
  switch (ast._tag) {
    case "StringKeyword":
      return { type: "string" }
    case "NumberKeyword":
      return { type: "number" }
    case "BooleanKeyword":
      return { type: "boolean" }
    case "UnknownKeyword":
    case "AnyKeyword":
      return {}
    case "NeverKeyword":
      return { enum: [] }
    case "ObjectKeyword":
      return { type: "object", additionalProperties: {} }
    case "Literal":
      return typeof ast.literal === "bigint" ? foreign(ast, at) : { enum: [ast.literal] }
    case "Enums":
      return ShapeUnion.literals(ast.enums.map(([, value]) => value))
    case "TemplateLiteral":
      return { type: "string", accepts: { pattern: [AST.getTemplateLiteralRegExp(ast).source] } }
    case "TypeLiteral":
      return object(ast, at)
    case "TupleType":
      return array(ast, at)
    case "Union":
      return union(ast, at)
    case "Suspend":
      return suspended(ast.f(), place)
    case "Refinement":
      return refinement(ast, at)
    case "Transformation":
      return transformation(ast, at)
    default:
      return foreign(ast, at)
  }
}

const object = ({ indexSignatures, propertySignatures }: AST.TypeLiteral, at: Place): Shape => {
  const properties: Array<readonly [string, Shape]> = []
  const required: Array<string> = []
  for (const { isOptional, name, type } of propertySignatures) {
    if (typeof name !== "string") return refuse(at, "has a field that is no text, which JSON does not have")
    properties.push([name, walk(type, within(at, name, `properties/${name}`))])
    if (!isOptional && !ShapeUnion.mayBeAbsent(type)) required.push(name)
  }
  const [others, ...more] = indexSignatures
  if (more.length > 0) return refuse(at, "has several kinds of fields without a name, which cannot be locked")
  return {
    type: "object",
    properties: Object.fromEntries(properties.sort(([one], [other]) => Text.compare(one, other))),
    required: required.sort(Text.compare),
    ...(others && {
      additionalProperties: walk(others.type, within(at, "*", "additionalProperties")),
      ...(!AST.isStringKeyword(others.parameter) && {
        propertyNames: walk(others.parameter, within(at, "*", "propertyNames"))
      })
    })
  }
}

const array = ({ elements, rest }: AST.TupleType, at: Place): Shape => {
  const [others, ...more] = rest
  if (more.length > 0) return refuse(at, "has elements behind any number of others, which cannot be locked")
  const needed = elements.filter(({ isOptional }) => !isOptional).length
  return {
    type: "array",
    ...(elements.length > 0 && {
      prefixItems: elements.map(({ type }, n) => walk(type, within(at, String(n), `prefixItems/${n}`)))
    }),
    ...(others && { items: walk(others.type, within(at, "*", "items")) }),
    ...(needed > 0 && { accepts: { minItems: needed } })
  }
}

/** JSON leaves out what is undefined: that is a matter of the field, not of its value. */
const union = ({ types }: AST.Union, at: Place): Shape =>
  ShapeUnion.oneOf(
    types
      .filter((type) => !AST.isUndefinedKeyword(type))
      .map((type, n) => walk(type, within(at, "", `anyOf/${n}`)))
  )

const suspended = (ast: AST.AST, place: Place): Shape => {
  const pointer = place.above.get(ast)
  return pointer === undefined ? walk(ast, place) : { $ref: pointer }
}

const refinement = (ast: AST.Refinement, at: Place): Shape => {
  const shape = walk(ast.from, at)
  const rules =
    ShapeRules.ofRefinement(ast) ??
    refuse(
      at,
      "has a filter that cannot be seen: give it a jsonSchema annotation, an identifier or a schemaId"
    )
  return innermost(shape, (last) => ({ ...last, accepts: ShapeRules.both(last.accepts ?? {}, rules) }))
}

const transformation = (ast: AST.Transformation, at: Place): Shape => {
  const from = walk(ast.from, at)
  const { to, transformation } = ast
  if (AST.isTypeLiteralTransformation(transformation) || Option.isSome(AST.getSurrogateAnnotation(to)))
    return from
  const by = ShapeRules.nameOf(ast) ?? (AST.isDeclaration(to) ? String(to) : undefined)
  if (by === undefined && AST.isFinalTransformation(transformation))
    return refuse(at, "has a transformation that cannot be seen: give it an identifier")
  const decoded = walk(to, { ...at, pointer: `${at.pointer}/decoded`, wire: false })
  return innermost(from, (last) => ({ ...last, decoded, ...(by !== undefined && { by }) }))
}

/** Changes what comes out in the end. */
const innermost = (shape: Shape, change: (last: Shape) => Shape): Shape =>
  shape.decoded === undefined ? change(shape) : { ...shape, decoded: innermost(shape.decoded, change) }

/** What JSON does not have; the value of a class looks like its fields. */
const foreign = (ast: AST.AST, at: Place): Shape => {
  const surrogate = Option.getOrUndefined(AST.getSurrogateAnnotation(ast))
  if (surrogate !== undefined) return walk(surrogate, at)
  return at.wire ? refuse(at, `has no form in JSON: ${String(ast)}`) : { type: String(ast) }
}

const within = (at: Place, name: string, pointer: string): Place => ({
  ...at,
  field: [at.field, name].filter((part) => part !== "").join("."),
  pointer: `${at.pointer}/${pointer}`
})

const refuse = ({ field, what }: Place, why: string): never => {
  throw new TypeError(field === "" ? `${what} ${why}` : `${what}: "${field}" ${why}`)
}
