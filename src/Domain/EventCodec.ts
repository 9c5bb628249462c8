/** Events to stored text and back, by the name of their type, with decoders compiled once. */
import * as Either from "effect/Either"
import type { ParseError } from "effect/ParseResult"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { Metadata } from "./Event.ts"
import type { Encoded, Recorded, Stored } from "./Event.ts"
import * as Json from "./Json.ts"
import * as Message from "./Message.ts"

/** The revision that is written. */
const currentRevision = 1

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

/** The two directions for one set of events. */
export interface EventCodec<E extends Message.Tagged> {
  /** The stored names of the events. */
  readonly types: ReadonlyArray<string>
  /** The revision in which each of them is written. */
  readonly revisions: ReadonlyMap<string, number>
  /** Fails when the text would not decode again: nothing is stored that cannot be read. */
  readonly encode: (event: E) => Either.Either<Encoded, CodecError>
  readonly decode: (stored: Stored) => Either.Either<Recorded<E>, CodecError>
  /** Decodes what `encode` has made of a message, without an envelope. */
  readonly decodePayload: (encoded: Encoded) => Either.Either<E, CodecError>
}

/** Any codec: the covariant face of one. */
export interface Any {
  readonly types: ReadonlyArray<string>
  readonly encode: (event: never) => Either.Either<Encoded, CodecError>
  readonly decode: (stored: Stored) => Either.Either<Recorded, CodecError>
}

/** The codec of some events; throws when two have the same tag. */
export const make = <L extends Message.List>(events: L): EventCodec<Message.TypeOf<L>> => {
  const codecs = new Map<string, TypeCodec<Message.TypeOf<L>>>()
  for (const [type, schema] of Message.byTag(events)) codecs.set(type, typeCodec(type, schema))

  const encode: EventCodec<Message.TypeOf<L>>["encode"] = (event) => {
    const codec = codecs.get(event._tag)
    if (codec === undefined) return unknown("UnknownType", event._tag, "is none of the declared events")
    return Either.map(codec.encode(event), (payload) => ({
      type: event._tag,
      revision: currentRevision,
      payload
    }))
  }

  const decodePayload: EventCodec<Message.TypeOf<L>>["decodePayload"] = ({ payload, revision, type }) => {
    const codec = codecs.get(type)
    if (codec === undefined) return unknown("UnknownType", type, "is none of the declared events")
    return revision === currentRevision
      ? codec.decode(payload)
      : unknown("UnknownRevision", type, `revision ${revision} is not known`)
  }

  const decode: EventCodec<Message.TypeOf<L>>["decode"] = (stored) => {
    const { id, position, recordedAt, revision, stream, version } = stored
    const event = decodePayload(stored)
    if (Either.isLeft(event)) return Either.left(event.left)
    const metadata = decodeMetadata(stored.metadata)
    if (Either.isLeft(metadata)) return invalid("InvalidPayload", stored.type)(metadata.left)
    const envelope = { id, stream, version, position, recordedAt, revision }
    return Either.right({ ...envelope, metadata: metadata.right, event: event.right })
  }

  const types = [...codecs.keys()]
  return {
    types,
    revisions: new Map(types.map((type) => [type, currentRevision])),
    encode,
    decode,
    decodePayload
  }
}

// internal

interface TypeCodec<E> {
  readonly encode: (event: E) => Either.Either<string, CodecError>
  readonly decode: (payload: string) => Either.Either<E, CodecError>
}

const decodeMetadata = Schema.decodeUnknownEither(Schema.parseJson(Metadata))

const typeCodec = <E extends Message.Tagged>(type: string, message: Message.Any): TypeCodec<E> => {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- `Message.Any` is the covariant face of a Schema
  const schema = message as unknown as Schema.Schema<E, object>
  const encodeSchema = Schema.encodeEither(schema)
  const decodeSchema = Schema.decodeUnknownEither(schema)

  const refused = (reason: CodecError["reason"], details: string) =>
    Either.left(new CodecError({ reason, type, details }))

  const decode: TypeCodec<E>["decode"] = (payload) =>
    Either.flatMap(parse(payload), (json) => {
      if (typeof json !== "object" || json === null) return refused("InvalidPayload", "is no JSON object")
      const problem = payload.includes("__proto__") ? Json.problem(json) : undefined
      return problem === undefined
        ? Either.mapLeft(decodeSchema({ ...json, _tag: type }), codecError("InvalidPayload", type))
        : refused("InvalidPayload", problem)
    })

  const parse = (payload: string): Either.Either<unknown, CodecError> =>
    Either.try({
      try: () => JSON.parse(payload),
      catch: (cause) => new CodecError({ reason: "InvalidPayload", type, details: String(cause) })
    })

  const encode: TypeCodec<E>["encode"] = (event) => {
    if (Json.hasProtoKey(event)) return refused("InvalidEvent", "a key __proto__ is refused")
    const encoded = encodeSchema(event)
    if (Either.isLeft(encoded)) return invalid("InvalidEvent", type)(encoded.left)
    const problem = Json.problem(encoded.right)
    if (problem !== undefined) return refused("InvalidEvent", problem)
    const payload = JSON.stringify({ ...encoded.right, _tag: undefined })
    return Either.mapBoth(decode(payload), {
      onLeft: ({ details }) => new CodecError({ reason: "InvalidEvent", type, details }),
      onRight: () => payload
    })
  }

  return { encode, decode }
}

const codecError = (reason: CodecError["reason"], type: string) => (error: ParseError) =>
  new CodecError({ reason, type, details: ParseResult.TreeFormatter.formatErrorSync(error) })

const invalid = (reason: CodecError["reason"], type: string) => (error: ParseError) =>
  Either.left(codecError(reason, type)(error))

const unknown = (reason: CodecError["reason"], type: string, details: string) =>
  Either.left(new CodecError({ reason, type, details }))
