/** One message to stored text and back, with decoders compiled once, in each form that it ever had. */
import * as Either from "effect/Either"
import type { ParseError } from "effect/ParseResult"
import * as ParseResult from "effect/ParseResult"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Guard from "./Guard.ts"
import * as Json from "./Json.ts"
import type * as Message from "./Message.ts"

/** A stored event that the code cannot read, or an event that could not be read back if it were stored. */
export class CodecError extends Schema.TaggedError<CodecError>()("CodecError", {
  reason: Schema.Literal("UnknownType", "UnknownRevision", "InvalidPayload", "InvalidEvent"),
  type: Schema.String,
  details: Schema.String
}) {
  override get message() {
    return `${this.type}: ${this.details}`
  }
}

/** How one revision of a stored type is read, and what the ids of its parts have more than its own, before a number. */
export interface Form<E> {
  readonly part: string
  readonly read: (payload: string) => Either.Either<ReadonlyArray<E>, CodecError>
}

/** The two directions for one message. */
export interface MessageCodec<E> {
  readonly revision: number
  readonly encode: (event: E) => Either.Either<string, CodecError>
  /** Everything that it can be read from. */
  readonly forms: ReadonlyArray<Form<E> & { readonly type: string; readonly revision: number }>
}

/** The codec of a message, whose tag is its type. */
export const make = <E extends Message.Tagged>(type: string, message: Message.Any): MessageCodec<E> => {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- `Message.Any` is the covariant face of a Schema
  const schema = message as unknown as Schema.Schema<E, object> & Message.Known<E>
  const encodeSchema = Schema.encodeEither(schema)
  const decodeSchema = Schema.decodeUnknownEither(schema)
  const isEvent = Guard.make(schema)
  const { current = 1, formers = [] } = schema.revisions ?? {}

  const refused = (details: string) => Either.left(new CodecError({ reason: "InvalidEvent", type, details }))

  const read = (payload: string): Either.Either<ReadonlyArray<E>, CodecError> => {
    const json = jsonOf(type, payload)
    if (Either.isLeft(json)) return Either.left(json.left)
    const event = { _tag: type, ...json.right }
    if (isEvent(event)) return Either.right([event])
    const decoded = decodeSchema({ ...event, _tag: type })
    return Either.isLeft(decoded)
      ? invalid("InvalidPayload", type)(decoded.left)
      : Either.right([decoded.right])
  }

  const encode: MessageCodec<E>["encode"] = (event) => {
    const fields: object = event
    // Whoever has made it need not have set its tag first.
    const tagged = { _tag: type, ...fields }
    if (isEvent(tagged)) return Either.right(textOf(tagged))
    if (Json.hasProtoKey(event)) return refused("a key __proto__ is refused")
    const encoded = encodeSchema(event)
    if (Either.isLeft(encoded)) return invalid("InvalidEvent", type)(encoded.left)
    const problem = Json.problem(encoded.right)
    if (problem !== undefined) return refused(problem)
    const payload = textOf(encoded.right)
    return Either.mapBoth(read(payload), {
      onLeft: ({ details }) => new CodecError({ reason: "InvalidEvent", type, details }),
      onRight: () => payload
    })
  }

  const earlier = formers.map((former) => ({
    ...formerly(type, former),
    type: former.type,
    revision: former.revision
  }))
  const forms = current === 0 ? earlier : [...earlier, { type, revision: current, part: "", read }]
  return { revision: current, encode, forms }
}

/** An object that a text has said. */
export type JsonObject = Readonly<Record<string, unknown>>

/** The object that a text says, as JSON. */
export const jsonOf = (type: string, text: string): Either.Either<JsonObject, CodecError> => {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return unreadable(type, String(error))
  }
  if (!Predicate.isReadonlyRecord(json)) return unreadable(type, "is no JSON object")
  const problem = text.includes("__proto__") ? Json.problem(json) : undefined
  return problem === undefined ? Either.right(json) : unreadable(type, problem)
}

/** What is wrong with text that a Schema refuses. */
export const codecError = (reason: CodecError["reason"], type: string) => (error: ParseError) =>
  new CodecError({ reason, type, details: ParseResult.TreeFormatter.formatErrorSync(error) })

// internal

/** What is stored of a message: its tag stands beside it. */
const textOf = (message: object): string => JSON.stringify({ ...message, _tag: undefined })

const unreadable = (type: string, details: string) =>
  Either.left(new CodecError({ reason: "InvalidPayload", type, details }))

/** Reads an earlier form of an event. */
const formerly = <E>(type: string, { lift, parts, type: stored }: Message.Former<E>): Form<E> => ({
  part: parts ? `/${type}.` : "",
  read: (payload) =>
    Either.flatMap(jsonOf(stored, payload), (json) =>
      Either.mapLeft(lift(json), codecError("InvalidPayload", stored))
    )
})

const invalid = (reason: CodecError["reason"], type: string) => (error: ParseError) =>
  Either.left(codecError(reason, type)(error))
