/** Stored events to what they mean today, in each form that they ever had. */
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { Metadata } from "./Event.ts"
import type { Encoded, Recorded, Stored } from "./Event.ts"
import type { Tagged } from "./Message.ts"
import type { Form, MessageCodec } from "./MessageCodec.ts"
import * as Codec from "./MessageCodec.ts"

/** Decodes one set of events. */
export interface EventDecoder<E extends Tagged> {
  /** The stored names of the events, those of earlier releases included. */
  readonly types: ReadonlyArray<string>
  /** What an event means today: itself, or what has become of it, which may be several events or none. */
  readonly decode: (stored: Stored) => Either.Either<ReadonlyArray<Recorded<E>>, Codec.CodecError>
  /** The same without the envelope, at half the cost: for whoever folds events. */
  readonly decodeEvents: (encoded: Encoded) => Either.Either<ReadonlyArray<E>, Codec.CodecError>
  /** Decodes what `encode` has made of a message, without an envelope. */
  readonly decodePayload: (encoded: Encoded) => Either.Either<E, Codec.CodecError>
}

/** The decoder of some messages. An event that is none of them means nothing if its type is `known`; if not, it is refused. */
export const make = <E extends Tagged>(
  codecs: Iterable<MessageCodec<E>>,
  known: ReadonlySet<string>
): EventDecoder<E> => {
  const forms = formsByType(codecs)
  const formsOf: FormsOf<E> = ({ revision, type }) => {
    const revisions = forms.get(type)
    if (revisions === undefined)
      return known.has(type) ? nothing : refused("UnknownType", type, "is none of the declared events")
    return revisions.get(revision) ?? refused("UnknownRevision", type, `revision ${revision} is not known`)
  }
  const decodeEvents = decodingEvents(formsOf)
  return {
    types: [...forms.keys()],
    decode: decoding(formsOf),
    decodeEvents,
    decodePayload: (encoded) =>
      Either.flatMap(decodeEvents(encoded), ([first, ...others]) =>
        first === undefined || others.length > 0
          ? refused("InvalidPayload", encoded.type, "means nothing any more, or several things")
          : Either.right(first)
      )
  }
}

/** The metadata of a stored event. */
export const metadataOf = ({ metadata, type }: Stored): Either.Either<Metadata, Codec.CodecError> => {
  const json = Codec.jsonOf(type, metadata)
  if (Either.isLeft(json)) return Either.left(json.left)
  if (isMetadata(json.right)) return Either.right(json.right)
  return Either.mapLeft(decodeMetadata(json.right), Codec.codecError("InvalidPayload", type))
}

// internal

/** All that a stored event says, for what was parts of several events has several forms. */
type FormsOf<E> = (encoded: Encoded) => Either.Either<ReadonlyArray<Form<E>>, Codec.CodecError>

const decoding =
  <E extends Tagged>(formsOf: FormsOf<E>): EventDecoder<E>["decode"] =>
  (stored) => {
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

const decodingEvents =
  <E extends Tagged>(formsOf: FormsOf<E>): EventDecoder<E>["decodeEvents"] =>
  (encoded) => {
    const forms = formsOf(encoded)
    if (Either.isLeft(forms)) return Either.left(forms.left)
    const [form] = forms.right
    if (form !== undefined && forms.right.length === 1) return form.read(encoded.payload)
    return Either.map(Either.all(forms.right.map(({ read }) => read(encoded.payload))), (all) => all.flat())
  }

/** By type and revision, as they are returned. */
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

/** As the kit writes it; a Schema would take ten times as long to say so. */
const isMetadata = (json: Codec.JsonObject): json is Metadata => {
  for (const field in json) {
    if (!Object.hasOwn(Metadata.fields, field) || typeof json[field] !== "string") return false
  }
  return true
}

const refused = (reason: Codec.CodecError["reason"], type: string, details: string) =>
  Either.left(new Codec.CodecError({ reason, type, details }))
