/** Whether a value is one that its Schema leaves as it is, said in a fraction of the time that the Schema takes. */
import * as Option from "effect/Option"
import type * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"

/**
 * A quick yes for values as JSON has them: each that it accepts is decoded by the Schema, and encoded, to the same,
 * with its fields in the same order, and so it is after it was written as text and parsed again. Of one that it does
 * not accept nothing is known, so the Schema has to be asked.
 */
export const make = <A, I, R>(schema: Schema.Schema<A, I, R>): ((value: unknown) => value is A & I) => {
  const accepts = guardOf(schema.ast)
  return (value): value is A & I => accepts !== undefined && accepts(value)
}

// internal

type Guard = (value: unknown) => boolean

/** `undefined` where values may be changed, or where it would take more to say that they are not. */
const guardOf = (ast: AST.AST): Guard | undefined => {
  // Whoever sets options for a part of a Schema may have filters that look at them.
  if (Option.isSome(AST.getParseOptionsAnnotation(ast))) return undefined
  switch (ast._tag) {
    case "StringKeyword":
      return (value) => typeof value === "string"
    case "NumberKeyword":
      return isNumber
    case "BooleanKeyword":
      return (value) => typeof value === "boolean"
    case "UndefinedKeyword":
      return nothing
    case "Literal":
      return literal(ast)
    case "Refinement":
      return refinement(ast)
    case "TupleType":
      return array(ast)
    case "TypeLiteral":
      return struct(ast)
    case "Union":
      return union(ast)
    default:
      return undefined
  }
}

/** What no text says. */
const nothing: Guard = () => false

/** Infinity would be written as null, and -0 as 0. */
const isNumber: Guard = (value) => Number.isFinite(value) && !Object.is(value, -0)

const literal = ({ literal }: AST.Literal): Guard => {
  const isText = typeof literal === "number" ? isNumber(literal) : typeof literal !== "bigint"
  return isText ? (value) => Object.is(value, literal) : nothing
}

const refinement = (ast: AST.Refinement): Guard | undefined => {
  const from = guardOf(ast.from)
  return from && ((value) => from(value) && Option.isNone(ast.filter(value, AST.defaultParseOption, ast)))
}

/** Arrays whose items are all of one kind. */
const array = ({ elements, rest }: AST.TupleType): Guard | undefined => {
  const [item, ...others] = rest
  const accepts = elements.length === 0 && others.length === 0 ? item && guardOf(item.type) : undefined
  if (accepts === undefined) return undefined
  return (value) => {
    if (!Array.isArray(value) || !isOf(value, Array.prototype)) return false
    // Not `every`, which passes over holes.
    for (const item of value) if (!accepts(item)) return false
    return true
  }
}

interface Field {
  readonly name: PropertyKey
  readonly isOptional: boolean
  readonly accepts: Guard
}

/** Objects that have the declared fields in their order, and no others, which a Schema would drop. */
const struct = ({ indexSignatures, propertySignatures }: AST.TypeLiteral): Guard | undefined => {
  if (indexSignatures.length > 0) return undefined
  const fields: Array<Field> = []
  for (const { isOptional, name, type } of propertySignatures) {
    const accepts = guardOf(type)
    // Parsed text may not have a key of that name.
    if (accepts === undefined || name === "__proto__") return undefined
    fields.push({ name, isOptional, accepts })
  }
  return (value) => {
    if (!isPlain(value)) return false
    let next = 0
    for (const name in value) {
      let field = fields[next++]
      while (field?.isOptional === true && field.name !== name) field = fields[next++]
      if (field?.name !== name || !field.accepts(value[name])) return false
    }
    while (fields[next]?.isOptional === true) next += 1
    return next === fields.length
  }
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && isOf(value, Object.prototype)

/** Made by nobody's class, and not told how to be written. */
const isOf = (value: object, prototype: object): boolean =>
  Object.getPrototypeOf(value) === prototype && !("toJSON" in value)

/** Of several members that take objects, an earlier one may take what is meant for a later one, and change it. */
const union = ({ types }: AST.Union): Guard | undefined => {
  const guards: Array<Guard> = []
  for (const type of types) {
    const guard = guardOf(type)
    if (guard === undefined) return undefined
    guards.push(guard)
  }
  return types.filter(takesObjects).length > 1 ? undefined : (value) => guards.some((guard) => guard(value))
}

const takesObjects = (ast: AST.AST): boolean => {
  if (AST.isRefinement(ast)) return takesObjects(ast.from)
  if (AST.isUnion(ast)) return ast.types.some(takesObjects)
  return AST.isTypeLiteral(ast) || AST.isTupleType(ast)
}
