/** Snapshots: states of aggregates, kept as text, so that a long stream need not be read from its beginning. */
import * as Either from "effect/Either"
import * as JSONSchema from "effect/JSONSchema"
import * as Schema from "effect/Schema"
import type * as AST from "effect/SchemaAST"
import * as Difference from "./Difference.ts"
import * as Json from "./Json.ts"
import * as Text from "./Text.ts"

/** How the states of an aggregate are kept. */
export interface Options {
  /** Raised whenever a fold changes what it does: a function has no fingerprint, so only its author can tell. */
  readonly version: number
  /** After how many events of a stream its state is kept; default 100. */
  readonly every?: number
  /** The share of loads, from 0 to 1, that are folded in full as well and compared; default 0.001. */
  readonly sample?: number
}

/** A state that was kept. */
export interface Snapshot {
  readonly stream: string
  /** What the state was made by; a snapshot with another key means nothing. */
  readonly key: string
  /** The version of the stream that it is the state of. */
  readonly version: number
  /** The id of the event of that version. */
  readonly last: string
  /** JSON text. */
  readonly state: string
}

/** The states of one aggregate as text, and when they are kept. */
export interface Codec<in out State> extends Required<Options> {
  /** The aggregate, its author's version, the shape of its state, and the revisions of its events. */
  readonly key: string
  /** Fails, saying why, when the text would not decode again. */
  readonly encode: (state: State) => Either.Either<string, string>
  readonly decode: (text: string) => Either.Either<State, string>
}

/** Any codec: the covariant face of one. */
export interface Any extends Required<Options> {
  readonly key: string
  readonly encode: (state: never) => Either.Either<string, string>
  readonly decode: (text: string) => Either.Either<unknown, string>
}

/** The codec of an aggregate's states; throws when they have no form in JSON. */
export const make = <State>(
  aggregate: string,
  state: { readonly Type: State; readonly ast: AST.AST },
  revisions: ReadonlyMap<string, number>,
  { every = 100, sample = 0.001, version }: Options
): Codec<State> => {
  if (!Number.isInteger(every) || every < 1) {
    throw new TypeError(`snapshots of "${aggregate}" are taken every 1 or more events, not every ${every}`)
  }
  const schema = Schema.make<State, unknown>(state.ast)
  const key = JSON.stringify([aggregate, version, shapeOf(aggregate, schema), [...revisions].sort(byName)])
  const decodeState = Schema.decodeUnknownSync(schema)
  const encodeState = Schema.encodeSync(schema)

  const decode: Codec<State>["decode"] = (text) => attempt(() => decodeState(JSON.parse(text)))

  const encode: Codec<State>["encode"] = (value) =>
    Either.gen(function* () {
      if (Json.hasProtoKey(value)) return yield* Either.left("a key __proto__ is refused")
      const encoded = yield* attempt(() => encodeState(value))
      const problem = Json.problem(encoded)
      if (problem !== undefined) return yield* Either.left(problem)
      const text = JSON.stringify(encoded)
      yield* decode(text)
      return text
    })

  return { every, sample, version, key, encode, decode }
}

/** Whether a state is to be kept when its stream has grown from one version to another. */
export const isDue = ({ every }: Any, from: number, to: number): boolean =>
  Math.floor(to / every) > Math.floor(from / every)

/** Whether two states are the same when they are encoded, whatever the order of their fields. */
export const same = <State>({ encode }: Codec<State>, one: State, other: State): boolean => {
  const encoded = (state: State): unknown => JSON.parse(Either.getOrElse(encode(state), () => "null"))
  return Difference.between(encoded(one), encoded(other)).length === 0
}

// internal

const byName = ([one]: readonly [string, number], [other]: readonly [string, number]) =>
  Text.compare(one, other)

const shapeOf = <State>(aggregate: string, schema: Schema.Schema<State, unknown>): unknown => {
  try {
    return JSONSchema.make(Schema.encodedSchema(schema))
  } catch (cause) {
    throw new TypeError(
      `a state of "${aggregate}" has no form in JSON, so it cannot be kept: ${reason(cause)}`
    )
  }
}

/** A Schema has functions of its own, which may throw. */
const attempt = <A>(run: () => A): Either.Either<A, string> => Either.try({ try: run, catch: reason })

const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
