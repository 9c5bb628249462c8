/** Events to stored text and back, by the name of their type, with decoders compiled once. */
import * as Either from "effect/Either"
import type { Category } from "./Category.ts"
import type { Encoded, Recorded, Stored, Undecoded } from "./Event.ts"
import type { EventDecoder } from "./EventDecoder.ts"
import * as Decoder from "./EventDecoder.ts"
import * as Forms from "./Forms.ts"
import type { Interest } from "./Interest.ts"
import * as Message from "./Message.ts"
import type { MessageCodec } from "./MessageCodec.ts"
import * as Codec from "./MessageCodec.ts"

/** A stored event that the code cannot read, or an event that could not be read back if it were stored. */
export { CodecError } from "./MessageCodec.ts"

/** What somebody reads of the log. */
export interface Reading<E extends Message.Tagged> extends Pick<EventDecoder<E>, "decode"> {
  readonly interest: Interest
}

/** The two directions for one set of events. */
export interface EventCodec<E extends Message.Tagged> extends Reading<E>, EventDecoder<E> {
  /** The revision in which each of them is written. */
  readonly revisions: ReadonlyMap<string, number>
  /** Fails when the text would not decode again: nothing is stored that cannot be read. */
  readonly encode: (event: E) => Either.Either<Encoded, Codec.CodecError>
}

/** Any codec: the covariant face of one. */
export interface Any {
  readonly types: ReadonlyArray<string>
  readonly encode: (event: never) => Either.Either<Encoded, Codec.CodecError>
  readonly decode: (stored: Stored) => Either.Either<ReadonlyArray<Recorded>, Codec.CodecError>
}

/**
 * The codec of some events; throws when two have the same tag. With categories it reads these as a whole: of what is
 * known there the others mean nothing, and what is not known there is refused instead of passed over.
 */
export const make = <L extends Message.List>(
  events: L,
  categories: ReadonlyArray<Category> = []
): EventCodec<Message.TypeOf<L>> => {
  type E = Message.TypeOf<L>
  const codecs = new Map<string, MessageCodec<E>>()
  for (const [type, message] of Message.byTag(events)) codecs.set(type, Codec.make(type, message))
  const known = new Set(categories.flatMap((category) => Forms.of(category.events).map(({ type }) => type)))
  const decoder = Decoder.make(codecs.values(), known)
  const { types } = decoder
  const stray = categories.length === 0 ? undefined : types.find((type) => !known.has(type))
  if (stray !== undefined) throw new TypeError(`"${stray}" is in none of the categories declared with it`)
  return {
    ...decoder,
    interest: categories.length === 0 ? { types } : { categories: categories.map(({ name }) => name) },
    revisions: new Map(
      [...codecs].flatMap(([type, { revision }]) => (revision > 0 ? [[type, revision]] : []))
    ),
    encode: (event) => {
      const codec = codecs.get(event._tag)
      if (codec === undefined) return unknown(event._tag)
      return Either.map(codec.encode(event), (payload) => ({
        type: event._tag,
        revision: codec.revision,
        payload
      }))
    }
  }
}

/** Everything, as it is stored: nothing is unknown, and nothing is lifted. */
export const undecoded: Reading<Undecoded> = {
  interest: {},
  decode: (stored) =>
    Either.map(Decoder.metadataOf(stored), (metadata) => {
      const { payload, type, ...envelope } = stored
      return [{ ...envelope, metadata, event: { _tag: type, payload } }]
    })
}

// internal

const unknown = (type: string) =>
  Either.left(
    new Codec.CodecError({ reason: "UnknownType", type, details: "is none of the declared messages" })
  )
