/**
 * Messages: events and commands as tagged Schemas.
 *
 * Any Schema whose type has a literal `_tag` will do. `Message.Struct` is the recommended one: a class in
 * the types, so that compiler messages and editors show a name, and a plain tagged object underneath, which
 * decodes several times faster than a class instance (the idea of `Schema.Opaque` in Effect 4).
 */
import * as Either from "effect/Either"
import type { ParseError } from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import * as Guard from "./Guard.ts"

/** A value with a tag. */
export interface Tagged {
  readonly _tag: string
}

/** A form in which earlier releases have stored a message, and what it means today. */
export interface Former<out Now> {
  /** Its stored name, which may be another one. */
  readonly type: string
  readonly revision: number
  /** The Schema of this form. */
  readonly schema: Any
  /** It was several things, each of which has an id of its own today. */
  readonly parts: boolean
  /** Decodes a payload, and lifts it. */
  readonly lift: (json: object) => Either.Either<ReadonlyArray<Now>, ParseError>
}

/** The history of a message; made by `Revisions`. */
export interface Revisions<out Now> {
  /** The revision that is written today. */
  readonly current: number
  readonly formers: ReadonlyArray<Former<Now>>
}

/** Any Schema of a tagged value that needs no services to encode or decode. */
export interface Any extends Known<unknown> {
  readonly Type: Tagged
  readonly Encoded: unknown
  readonly Context: never
  readonly ast: AST.AST
}

/** What a message knows of its history. */
export interface Known<out Now> {
  readonly revisions?: Revisions<Now> | undefined
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
  readonly revisions: Revisions<Self> | undefined
}

/**
 * Declares a message.
 *
 * @example
 * class Deposited extends Message.Struct<Deposited>()("Deposited", { amount: Schema.Int }) {}
 * Deposited.make({ amount: 5 }) // { _tag: "Deposited", amount: 5 }
 *
 * What earlier releases have stored of it is its third part, see `Revisions`.
 */
export const Struct =
  <Self = never>() =>
  <const Tag extends string, Fields extends Schema.Struct.Fields>(
    tag: Tag,
    fields: Fields,
    revisions?: Revisions<Props<Fields>>
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
    const isMessage = Guard.make(schema)
    // What is left out may have a default, which only the Schema knows.
    const hasOptional = AST.getPropertySignatures(schema.ast).some(({ isOptional }) => isOptional)
    const make = (props?: object): unknown => {
      const message = { _tag: tag, ...props }
      message._tag = tag
      return !hasOptional && isMessage(message) ? message : Reflect.apply(schema.make, schema, [message])
    }
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the class exists in the types only
    return Object.assign(Message, { make, revisions: revisions && lifted(tag, schema, revisions) }) as never
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

// internal

/** What was lifted is a message of today, and has to fit its Schema. */
const lifted = <Tag extends string, Fields extends Schema.Struct.Fields, Props>(
  tag: Tag,
  schema: Schema.TaggedStruct<Tag, Fields>,
  { current, formers }: Revisions<Props>
): Revisions<unknown> => {
  const validate = Schema.validateEither(Schema.typeSchema(schema))
  return {
    current,
    formers: formers.map((former) => ({
      ...former,
      lift: (json) =>
        Either.flatMap(former.lift(json), (all) =>
          Either.all(all.map((props) => validate({ ...props, _tag: tag })))
        )
    }))
  }
}
