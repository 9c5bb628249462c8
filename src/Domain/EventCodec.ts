/** Events to stored text and back, by the name of their type, with decoders compiled once. */
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import type { Category } from "./Category.ts"
import { Metadata } from "./Event.ts"
import type { Encoded, Recorded, Stored, Undecoded } from "./Event.ts"
import * as Forms from "./Forms.ts"
import type { Interest } from "./Interest.ts"
import * as Message from "./Message.ts"
import type { Form, MessageCodec } from "./MessageCodec.ts"
import * as Codec from "./MessageCodec.ts"

/** A stored event that the code cannot read, or an event that could not be read back if it were stored. */
export { CodecError } from "./MessageCodec.ts"

/** What somebody reads of the log. */
export interface Reading<E extends Message.Tagged> {
  readonly interest: Interest
  /** What an event means today: itself, or what has become of it, which may be several events or none. */
  readonly decode: (stored: Stored) => Either.Either<ReadonlyArray<Recorded<E>>, Codec.CodecError>
}

/** The two directions for one set of events. */
export interface EventCodec<E extends Message.Tagged> extends Reading<E> {
  /** The stored names of the events, those of earlier releases included. */
  readonly types: ReadonlyArray<string>
  /** The revision in which each of them is written. */
  readonly revisions: ReadonlyMap<string, number>
  /** Fails when the text would not decode again: nothing is stored that cannot be read. */
  readonly encode: (event: E) => Either.Either<Encoded, Codec.CodecError>
  /** The same without the envelope, at half the cost: for whoever folds events. */
  readonly decodeEvents: (encoded: Encoded) => Either.Either<ReadonlyArray<E>, Codec.CodecError>
  /** Decodes what `encode` has made of a message, without an envelope. */
  readonly decodePayload: (encoded: Encoded) => Either.Either<E, Codec.CodecError>
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
  const forms = formsByType(codecs.values())
  const types = [...forms.keys()]
  const known = new Set(categories.flatMap((category) => Forms.of(category.events).map(({ type }) => type)))
  const stray = categories.length === 0 ? undefined : types.find((type) => !known.has(type))
  if (stray !== undefined) throw new TypeError(`"${stray}" is in none of the categories declared with it`)

  const encode: EventCodec<E>["encode"] = (event) => {
    const codec = codecs.get(event._tag)
    if (codec === undefined) return unknown("UnknownType", event._tag, "is none of the declared messages")
    return Either.map(codec.encode(event), (payload) => ({
      type: event._tag,
      revision: codec.revision,
      payload
    }))
  }

  const formsOf = ({ revision, type }: Encoded): Either.Either<ReadonlyArray<Form<E>>, Codec.CodecError> => {
    const revisions = forms.get(type)
    if (revisions === undefined)
      return known.has(type) ? nothing : unknown("UnknownType", type, "is none of the declared events")
    return revisions.get(revision) ?? unknown("UnknownRevision", type, `revision ${revision} is not known`)
  }

  const decodeEvents: EventCodec<E>["decodeEvents"] = (encoded) => {
    const forms = formsOf(encoded)
    if (Either.isLeft(forms)) return Either.left(forms.left)
    const [form] = forms.right
    if (form !== undefined && forms.right.length === 1) return form.read(encoded.payload)
    return Either.map(Either.all(forms.right.map(({ read }) => read(encoded.payload))), (all) => all.flat())
  }

  const decodePayload: EventCodec<E>["decodePayload"] = (encoded) =>
    Either.flatMap(decodeEvents(encoded), ([first, ...others]) =>
      first === undefined || others.length > 0
        ? unknown("InvalidPayload", encoded.type, "means nothing any more, or several things")
        : Either.right(first)
    )

  const decode: EventCodec<E>["decode"] = (stored) => {
    const { id, position, recordedAt, revision, stream, version } = stored
    const forms = formsOf(stored)
    if (Either.isLeft(forms)) return Either.left(forms.left)
    if (forms.right.length === 0) return nothing
    const metadata = metadataOf(stored)
    if (Either.isLeft(metadata)) return Either.left(metadata.left)
    const recorded: Array<Recorded<E>> = []
    for (const { part, read } of forms.right) {
      const events = read(stored.payload)
      if (Either.isLeft(events)) return Either.left(events.left)
      let n = 0
      for (const event of events.right) {
        const name = part === "" ? id : `${id}${part}${n}`
        n += 1
        // Field by field: this is done for every event that anybody reads, and a spread takes five times as long.
        recorded.push({
          id: name,
          stream,
          version,
          position,
          recordedAt,
          revision,
          metadata: metadata.right,
          event
        })
      }
    }
    return Either.right(recorded)
  }

  return {
    types,
    interest: categories.length === 0 ? { types } : { categories: categories.map(({ name }) => name) },
    revisions: new Map(
      [...codecs].flatMap(([type, { revision }]) => (revision > 0 ? [[type, revision]] : []))
    ),
    encode,
    decode,
    decodeEvents,
    decodePayload
  }
}

/** Everything, as it is stored: nothing is unknown, and nothing is lifted. */
export const undecoded: Reading<Undecoded> = {
  interest: {},
  decode: (stored) =>
    Either.map(metadataOf(stored), (metadata) => {
      const { payload, type, ...envelope } = stored
      return [{ ...envelope, metadata, event: { _tag: type, payload } }]
    })
}

// internal

/** By type and revision: each means all that it says, for what was parts of several events has several forms. */
type Forms<E> = ReadonlyMap<string, ReadonlyMap<number, Either.Either<ReadonlyArray<Form<E>>>>>

const formsByType = <E>(codecs: Iterable<MessageCodec<E>>): Forms<E> => {
  const types = new Map<string, Map<number, Either.Either<ReadonlyArray<Form<E>>>>>()
  for (const { revision, type, ...form } of Array.from(codecs, ({ forms }) => forms).flat()) {
    const revisions = types.get(type) ?? new Map<number, Either.Either<ReadonlyArray<Form<E>>>>()
    const others = Either.getOrElse(revisions.get(revision) ?? nothing, () => [])
    revisions.set(revision, Either.right([...others, form]))
    types.set(type, revisions)
  }
  return types
}

const nothing = Either.right([])

const decodeMetadata = Schema.decodeUnknownEither(Metadata)

const metadataOf = ({ metadata, type }: Stored): Either.Either<Metadata, Codec.CodecError> => {
  const json = Codec.jsonOf(type, metadata)
  if (Either.isLeft(json)) return Either.left(json.left)
  if (isMetadata(json.right)) return Either.right(json.right)
  return Either.mapLeft(decodeMetadata(json.right), Codec.codecError("InvalidPayload", type))
}

/** As the kit writes it; a Schema would take ten times as long to say so. */
const isMetadata = (json: Codec.JsonObject): json is Metadata => {
  for (const field in json) {
    if (!Object.hasOwn(Metadata.fields, field) || typeof json[field] !== "string") return false
  }
  return true
}

const unknown = (reason: Codec.CodecError["reason"], type: string, details: string) =>
  Either.left(new Codec.CodecError({ reason, type, details }))
