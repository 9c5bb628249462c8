/** What may be one thing or another. */
import * as AST from "effect/SchemaAST"
import type { Literal, Shape } from "./ShapeForm.ts"
import * as Text from "../Text.ts"

/** One of some shapes, in this order, because the first one that fits is taken. Literals side by side are one shape. */
export const oneOf = (shapes: ReadonlyArray<Shape>): Shape => {
  const all: Array<Shape> = []
  for (const shape of shapes) {
    const last = all.at(-1)
    if (last !== undefined && isLiterals(last) && isLiterals(shape))
      all.splice(-1, 1, literals([...(last.enum ?? []), ...(shape.enum ?? [])]))
    else all.push(shape)
  }
  const [first, ...more] = all
  return first === undefined || more.length > 0 ? { anyOf: all } : first
}

/** One of some literals, whose order means nothing. */
export const literals = (values: ReadonlyArray<Literal>): Shape => ({
  enum: [...new Set(values)].sort((one, other) => Text.compare(JSON.stringify(one), JSON.stringify(other)))
})

/** Whether a field of this type may be absent, because it may be undefined. */
export const mayBeAbsent = (ast: AST.AST): boolean => {
  if (AST.isUnion(ast)) return ast.types.some(mayBeAbsent)
  if (AST.isRefinement(ast) || AST.isTransformation(ast)) return mayBeAbsent(ast.from)
  return AST.isUndefinedKeyword(ast) || AST.isUnknownKeyword(ast) || AST.isAnyKeyword(ast)
}

// internal

const isLiterals = (shape: Shape): boolean => shape.enum !== undefined && Object.keys(shape).length === 1
