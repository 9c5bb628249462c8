/**
 * The door for JSON from outside: the one way by which the text of a request, a file, a message or an argument
 * becomes a value. A text is refused when it is too large or too deep, when its value is not what it seems to
 * say, and when the Schema describes something else, fields too many included.
 */
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import type * as Aggregate from "./Aggregate.ts"
import * as Json from "./Json.ts"
import * as JsonText from "./JsonText.ts"

/** Why a text was refused, and where. It never holds the text, nor the value that was refused. */
export class JsonRefused extends Schema.TaggedError<JsonRefused>()("JsonRefused", {
  reason: Schema.Literal(
    "TooLarge",
    "TooDeep",
    "NotUnicode",
    "NotJson",
    "ForbiddenKey",
    "DuplicateKey",
    "UnsafeNumber",
    "Mismatch"
  ),
  /** Keys and indexes, from the outermost; of a long key its beginning. */
  path: Schema.Array(Schema.Union(Schema.String, Schema.Number)),
  details: Schema.String
}) {
  override get message() {
    const place = this.path.map((key) => `[${JSON.stringify(key)}]`).join("")
    return `${this.reason}${place && ` at ${place}`}: ${this.details}`
  }
}

/** A door for values of one type. */
export interface JsonDoor<A> {
  /** The value of a text, or of its bytes in UTF-8. Never throws. */
  readonly decode: (text: string | Uint8Array) => Either.Either<A, JsonRefused>
  /** The text of a value; refused when `decode` would refuse it. */
  readonly encode: (value: A) => Either.Either<string, JsonRefused>
}

/** A mebibyte, and 32 levels. */
export const defaults: JsonText.Limits = { bytes: 1024 * 1024, depth: 32 }

/**
 * A door for the values of a Schema.
 *
 * @example
 * const Order = JsonDoor.make(Schema.Struct({ product: Schema.String, quantity: Schema.Int }))
 * Order.decode('{"product":"widget-1","quantity":2,"quantity":200}') // Left(DuplicateKey at ["quantity"])
 */
export const make = <A, I>(
  schema: Schema.Schema<A, I>,
  limits: Partial<JsonText.Limits> = {}
): JsonDoor<A> => {
  const within = { ...defaults, ...limits }
  const decodeValue = ParseResult.decodeUnknownEither(schema, { onExcessProperty: "error" })
  const encodeValue = ParseResult.encodeUnknownEither(schema, { onExcessProperty: "error" })

  const decode: JsonDoor<A>["decode"] = (text) =>
    JsonText.parse(text, within).pipe(
      Either.mapLeft((problem) => new JsonRefused(problem)),
      Either.flatMap((value) => attempt(() => Either.mapLeft(decodeValue(value), mismatch)))
    )

  const encode: JsonDoor<A>["encode"] = (value) =>
    attempt(() => {
      if (Json.hasProtoKey(value)) return refused("ForbiddenKey", "a key __proto__ is refused")
      const encoded = encodeValue(value)
      if (Either.isLeft(encoded)) return Either.left(mismatch(encoded.left))
      const problem = Json.problem(encoded.right)
      if (problem !== undefined) return refused("NotJson", problem)
      const text = JSON.stringify(encoded.right)
      return Either.map(decode(text), () => text)
    })

  return { decode, encode }
}

/**
 * A door for the commands of an aggregate, told apart by `_tag`.
 *
 * @example
 * const commands = JsonDoor.commands(Account)
 * const command = yield* commands.decode(body) // Deposit | Withdraw, or JsonRefused
 * const receipt = yield* CommandHandler.handle(Account, command)
 */
export const commands = <A extends Aggregate.Any>(
  aggregate: A,
  limits?: Partial<JsonText.Limits>
): JsonDoor<Aggregate.Command<A>> =>
  make(
    Schema.make<Aggregate.Command<A>, unknown>(AST.Union.make(aggregate.commands.map(({ ast }) => ast))),
    limits
  )

// internal

const refused = (reason: JsonRefused["reason"], details: string) =>
  Either.left(new JsonRefused({ reason, path: [], details }))

/** A Schema has functions of its own, which may throw at a value that nobody thought of. */
const attempt = <A>(run: () => Either.Either<A, JsonRefused>): Either.Either<A, JsonRefused> =>
  Either.try(run).pipe(
    Either.getOrElse((thrown) => refused("Mismatch", `the Schema threw ${nameOf(thrown)}`))
  )

const nameOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.name : typeof thrown)

/**
 * The first thing that does not fit: what was expected there, not what there was, for it may be a secret. What a
 * transformation says is left out, because it quotes what it could not decode.
 */
const mismatch = (issue: ParseResult.ParseIssue): JsonRefused => {
  const [first] = ParseResult.ArrayFormatter.formatIssueSync(issue)
  const details = first?._tag === "Transformation" ? "cannot be decoded" : (first?.message ?? "does not fit")
  return new JsonRefused({
    reason: "Mismatch",
    path: (first?.path ?? []).map((key) => (typeof key === "number" ? key : JsonText.shown(String(key)))),
    details: JsonText.shown(details.replace(/, actual .*/s, ""), 200)
  })
}
