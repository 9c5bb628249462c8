/** Events to stored text and back, by the name of their type, with decoders compiled once. */
import * as Either from "effect/Either"
import type { ParseError } from "effect/ParseResult"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import type { Category } from "./Category.ts"
import { Metadata } from "./Event.ts"
import type { Encoded, Recorded, Stored, Undecoded } from "./Event.ts"
import * as Forms from "./Forms.ts"
import type { Interest } from "./Interest.ts"
import * as Json from "./Json.ts"
import * as Message from "./Message.ts"

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

/** What somebody reads of the log. */
export interface Reading<E extends Message.Tagged> {
  readonly interest: Interest
  /** What an event means today: itself, or what has become of it, which may be several events or none. */
  readonly decode: (stored: Stored) => Either.Either<ReadonlyArray<Recorded<E>>, CodecError>
}

/** The two directions for one set of events. */
export interface EventCodec<E extends Message.Tagged> extends Reading<E> {
  /** The stored names of the events, those of earlier releases included. */
  readonly types: ReadonlyArray<string>
  /** The revision in which each of them is written. */
  readonly revisions: ReadonlyMap<string, number>
  /** Fails when the text would not decode again: nothing is stored that cannot be read. */
  readonly encode: (event: E) => Either.Either<Encoded, CodecError>
  /** Decodes what `encode` has made of a message, without an envelope. */
  readonly decodePayload: (encoded: Encoded) => Either.Either<E, CodecError>
}

/** Any codec: the covariant face of one. */
export interface Any {
  readonly types: ReadonlyArray<string>
  readonly encode: (event: never) => Either.Either<Encoded, CodecError>
  readonly decode: (stored: Stored) => Either.Either<ReadonlyArray<Recorded>, CodecError>
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
  const codecs = new Map<string, TypeCodec<E>>()
  for (const [type, message] of Message.byTag(events)) codecs.set(type, typeCodec(type, message))
  const forms = formsOf(codecs.values())
  const types = [...forms.keys()]
  const known = new Set(categories.flatMap((category) => Forms.of(category.events).map(({ type }) => type)))
  const stray = categories.length === 0 ? undefined : types.find((type) => !known.has(type))
  if (stray !== undefined) throw new TypeError(`"${stray}" is in none of the categories declared with it`)

  const encode: EventCodec<E>["encode"] = (event) => {
    const codec = codecs.get(event._tag)
    if (codec === undefined) return unknown("UnknownType", event._tag, "is none of the declared events")
    return Either.map(codec.encode(event), (payload) => ({
      type: event._tag,
      revision: codec.revision,
      payload
    }))
  }

  const formOf = ({ revision, type }: Encoded): Either.Either<Form<E>, CodecError> => {
    const revisions = forms.get(type)
    if (revisions === undefined) return unknown("UnknownType", type, "is none of the declared events")
    const form = revisions.get(revision)
    return form === undefined
      ? unknown("UnknownRevision", type, `revision ${revision} is not known`)
      : Either.right(form)
  }

  const decodePayload: EventCodec<E>["decodePayload"] = (encoded) =>
    Either.flatMap(formOf(encoded), (form) =>
      Either.flatMap(form(encoded), ([first, ...others]) =>
        first === undefined || others.length > 0
          ? unknown("InvalidPayload", encoded.type, "means nothing any more, or several things")
          : Either.right(first.event)
      )
    )

  const decode: EventCodec<E>["decode"] = (stored) => {
    const { id, position, recordedAt, revision, stream, type, version } = stored
    if (known.has(type) && !forms.has(type)) return Either.right([])
    const meaning = Either.flatMap(formOf(stored), (form) => form(stored))
    if (Either.isLeft(meaning)) return Either.left(meaning.left)
    const metadata = decodeMetadata(stored.metadata)
    if (Either.isLeft(metadata)) return invalid("InvalidPayload", stored.type)(metadata.left)
    const envelope = { stream, version, position, recordedAt, revision, metadata: metadata.right }
    return Either.right(meaning.right.map(({ event, part }) => ({ ...envelope, id: `${id}${part}`, event })))
  }

  return {
    types,
    interest: categories.length === 0 ? { types } : { categories: categories.map(({ name }) => name) },
    revisions: new Map(
      [...codecs].flatMap(([type, { revision }]) => (revision > 0 ? [[type, revision]] : []))
    ),
    encode,
    decode,
    decodePayload
  }
}

/** Everything, as it is stored: nothing is unknown, and nothing is lifted. */
export const undecoded: Reading<Undecoded> = {
  interest: {},
  decode: ({ metadata, payload, type, ...envelope }) =>
    Either.mapBoth(decodeMetadata(metadata), {
      onLeft: codecError("InvalidPayload", type),
      onRight: (metadata) => [{ ...envelope, metadata, event: { _tag: type, payload } }]
    })
}

// internal

/** An event that a stored one means, and what its id has more than that of the stored one. */
interface Meaning<E> {
  readonly event: E
  readonly part: string
}

/** Reads one revision of a stored type. */
type Form<E> = (encoded: Encoded) => Either.Either<ReadonlyArray<Meaning<E>>, CodecError>

interface TypeCodec<E> {
  readonly revision: number
  readonly encode: (event: E) => Either.Either<string, CodecError>
  /** Everything that it can be read from. */
  readonly forms: ReadonlyArray<{ readonly type: string; readonly revision: number; readonly form: Form<E> }>
}

/** The forms of all events by type and revision. What was parts of several events means all of them. */
const formsOf = <E>(codecs: Iterable<TypeCodec<E>>): ReadonlyMap<string, ReadonlyMap<number, Form<E>>> => {
  const types = new Map<string, Map<number, Form<E>>>()
  for (const { form, revision, type } of Array.from(codecs, ({ forms }) => forms).flat()) {
    const revisions = types.get(type) ?? new Map<number, Form<E>>()
    const other = revisions.get(revision)
    revisions.set(revision, other === undefined ? form : both(other, form))
    types.set(type, revisions)
  }
  return types
}

const both =
  <E>(one: Form<E>, other: Form<E>): Form<E> =>
  (encoded) =>
    Either.zipWith(one(encoded), other(encoded), (these, those) => [...these, ...those])

const decodeMetadata = Schema.decodeUnknownEither(Schema.parseJson(Metadata))

const typeCodec = <E extends Message.Tagged>(type: string, message: Message.Any): TypeCodec<E> => {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- `Message.Any` is the covariant face of a Schema
  const schema = message as unknown as Schema.Schema<E, object> & Message.Known<E>
  const encodeSchema = Schema.encodeEither(schema)
  const decodeSchema = Schema.decodeUnknownEither(schema)
  const { current = 1, formers = [] } = schema.revisions ?? {}

  const refused = (details: string) => Either.left(new CodecError({ reason: "InvalidEvent", type, details }))

  const read = (payload: string): Either.Either<E, CodecError> =>
    Either.flatMap(jsonOf(type, payload), (json) =>
      Either.mapLeft(decodeSchema({ ...json, _tag: type }), codecError("InvalidPayload", type))
    )
  const now: Form<E> = ({ payload }) => Either.map(read(payload), (event) => [{ event, part: "" }])

  const encode: TypeCodec<E>["encode"] = (event) => {
    if (Json.hasProtoKey(event)) return refused("a key __proto__ is refused")
    const encoded = encodeSchema(event)
    if (Either.isLeft(encoded)) return invalid("InvalidEvent", type)(encoded.left)
    const problem = Json.problem(encoded.right)
    if (problem !== undefined) return refused(problem)
    const payload = JSON.stringify({ ...encoded.right, _tag: undefined })
    return Either.mapBoth(read(payload), {
      onLeft: ({ details }) => new CodecError({ reason: "InvalidEvent", type, details }),
      onRight: () => payload
    })
  }

  const earlier = formers.map((former) => ({ ...former, form: formerly(type, former) }))
  const forms = current === 0 ? earlier : [...earlier, { type, revision: current, form: now }]
  return { revision: current, encode, forms }
}

/** Reads an earlier form of an event. */
const formerly =
  <E>(type: string, { lift, parts, type: stored }: Message.Former<E>): Form<E> =>
  ({ payload }) =>
    Either.flatMap(jsonOf(stored, payload), (json) =>
      Either.mapBoth(lift(json), {
        onLeft: codecError("InvalidPayload", stored),
        onRight: (events) => events.map((event, n) => ({ event, part: parts ? `/${type}.${n}` : "" }))
      })
    )

const jsonOf = (type: string, payload: string): Either.Either<object, CodecError> => {
  const refused = (details: string) =>
    Either.left(new CodecError({ reason: "InvalidPayload", type, details }))
  const parsed = Either.try({ try: (): unknown => JSON.parse(payload), catch: String })
  if (Either.isLeft(parsed)) return refused(parsed.left)
  const json = parsed.right
  if (typeof json !== "object" || json === null) return refused("is no JSON object")
  const problem = payload.includes("__proto__") ? Json.problem(json) : undefined
  return problem === undefined ? Either.right(json) : refused(problem)
}

const codecError = (reason: CodecError["reason"], type: string) => (error: ParseError) =>
  new CodecError({ reason, type, details: ParseResult.TreeFormatter.formatErrorSync(error) })

const invalid = (reason: CodecError["reason"], type: string) => (error: ParseError) =>
  Either.left(codecError(reason, type)(error))

const unknown = (reason: CodecError["reason"], type: string, details: string) =>
  Either.left(new CodecError({ reason, type, details }))
