/**
 * Messages: events and commands as tagged Schemas.
 *
 * Any Schema whose type has a literal `_tag` will do. `Message.Struct` is the recommended one: a class in
 * the types, so that compiler messages and editors show a name, and a plain tagged object underneath, which
 * decodes several times faster than a class instance (the idea of `Schema.Opaque` in Effect 4).
 */
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"

/** A value with a tag. */
export interface Tagged {
  readonly _tag: string
}

/** Any Schema of a tagged value that needs no services to encode or decode. */
export interface Any {
  readonly Type: Tagged
  readonly Encoded: unknown
  readonly Context: never
  readonly ast: AST.AST
}

/** The messages that something handles. */
export type List = ReadonlyArray<Any>

/** The union of the values of a list. */
export type TypeOf<L extends List> = L[number]["Type"]

/** The union of the tags of a list. */
export type TagOf<L extends List> = L[number]["Type"]["_tag"]

/** The member of a union that has this tag. */
export type ByTag<U extends Tagged, Tag> = Extract<U, { readonly _tag: Tag }>

/** Turns each handler that no message asks for into a sentence that the compiler prints. */
export type NoExtra<Handlers, Tags extends string, What extends string> = {
  readonly [K in Exclude<keyof Handlers, Tags>]: `no ${What} is tagged "${K & string}"`
}

/** Turns each handler whose result has an unknown field into a sentence that the compiler prints. */
export type Exact<Handlers, Target, What extends string> = {
  readonly [K in keyof Handlers]: Handlers[K] extends (...args: never) => infer Result
    ? [ExtraKey<Result, Target>] extends [never]
      ? unknown
      : `the ${What} has no field "${ExtraKey<Result, Target> & string}"`
    : unknown
}

type KeysOf<U> = U extends unknown ? keyof U : never

type ExtraKey<Result, Target> = Result extends object
  ? string extends KeysOf<Target>
    ? never
    : Result extends ReadonlyArray<unknown>
      ? never
      : {
          [K in Exclude<keyof Result & string, KeysOf<Target>>]: Result[K] extends (...args: never) => unknown
            ? never
            : K
        }[Exclude<keyof Result & string, KeysOf<Target>>]
  : never

type Simplify<A> = { [K in keyof A]: A[K] } & {}

type Props<Fields extends Schema.Struct.Fields> = keyof Fields extends never
  ? void
  : Simplify<Schema.Struct.Constructor<Fields>>

/** A plain tagged object that has the name of a class. */
export interface Struct<Self, Tag extends string, Fields extends Schema.Struct.Fields> extends Schema.Schema<
  Self,
  Simplify<{ readonly _tag: Tag } & Schema.Struct.Encoded<Fields>>,
  Schema.Struct.Context<Fields>
> {
  new (use_make: never): Simplify<{ readonly _tag: Tag } & Schema.Struct.Type<Fields>>
  readonly fields: { readonly [K in keyof Fields]: Fields[K] }
  /**
   * A validated message; throws `ParseError` on invalid fields. The `_tag` of another message is dropped, so
   * that a decision can say `Deposited.make({ ...command })`.
   */
  readonly make: (props: Props<Fields>) => Self
}

/**
 * Declares a message.
 *
 * @example
 * class Deposited extends Message.Struct<Deposited>()("Deposited", { amount: Schema.Int }) {}
 * Deposited.make({ amount: 5 }) // { _tag: "Deposited", amount: 5 }
 */
export const Struct =
  <Self = never>() =>
  <const Tag extends string, Fields extends Schema.Struct.Fields>(
    tag: Tag,
    fields: Fields
  ): [Self] extends [never]
    ? `Missing Self: class ${Tag} extends Message.Struct<${Tag}>()(…)`
    : Struct<Self, Tag, Fields> => {
    const schema = Schema.TaggedStruct(tag, fields).annotations({ identifier: tag })
    class Message {
      constructor() {
        throw new TypeError(`${tag} is a plain object: use ${tag}.make(…)`)
      }
    }
    Object.setPrototypeOf(Message, schema)
    const make = (props?: object): unknown => Reflect.apply(schema.make, schema, [{ ...props, _tag: tag }])
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the class exists in the types only
    return Object.assign(Message, { make }) as never
  }

/** The tag of a message; throws when the Schema has no literal `_tag`. */
export const tagOf = (message: Any): string => {
  const tag = AST.getPropertySignatures(AST.typeAST(message.ast)).find(({ name }) => name === "_tag")?.type
  if (tag === undefined || !AST.isLiteral(tag) || typeof tag.literal !== "string") {
    throw new TypeError(`a message needs a literal _tag: ${String(message.ast)}`)
  }
  return tag.literal
}

/** The messages by tag; throws when two have the same tag. */
export const byTag = <L extends List>(messages: L): ReadonlyMap<string, L[number]> => {
  const map = new Map<string, L[number]>()
  for (const message of messages) {
    const tag = tagOf(message)
    if (map.has(tag)) throw new TypeError(`two messages are tagged "${tag}"`)
    map.set(tag, message)
  }
  return map
}

/** Finds the handler of a tag. The types see to it that there is one; a value that escaped them is a defect. */
export const handlerOf = <F>(handlers: object): ((tag: string) => F) => {
  const byTag = new Map<string, F>(Object.entries(handlers))
  return (tag) => {
    const handler = byTag.get(tag)
    if (handler === undefined) throw new TypeError(`nothing handles "${tag}"`)
    return handler
  }
}
