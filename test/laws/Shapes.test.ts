import type { Message } from "everfold"
import { SchemaLock } from "everfold/testing"
import * as Arbitrary from "effect/Arbitrary"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { isDeepStrictEqual } from "node:util"
import { it } from "vitest"

type Plain = Schema.Schema<unknown, unknown>
const plain = (schema: Schema.Schema.All): Plain => Schema.make(schema.ast)

const { Int } = Schema
const leaves: ReadonlyArray<Plain> = [
  Int,
  Int.pipe(Schema.positive()),
  Int.pipe(Schema.between(0, 2)),
  Schema.Number,
  Schema.Number.pipe(Schema.nonNegative()),
  Schema.String,
  Schema.NonEmptyString,
  Schema.String.pipe(Schema.maxLength(2)),
  Schema.String.pipe(Schema.pattern(/^[01]/)),
  Schema.Boolean,
  Schema.Null,
  Schema.Literal("0"),
  Schema.Literal("0", "1", 1),
  Schema.NumberFromString,
  Schema.NumberFromString.pipe(Schema.positive()),
  Schema.Unknown
].map(plain)

const perhaps = (schema: Plain) => Schema.optionalWith(schema, { exact: true })

/** Schemas that are like each other, so that one often accepts what the other does. */
const { schema } = FastCheck.letrec<{ readonly schema: Plain }>((tie) => ({
  schema: FastCheck.oneof(
    { maxDepth: 2, withCrossShrink: true },
    FastCheck.constantFrom(...leaves),
    FastCheck.tuple(tie("schema"), tie("schema")).map(([one, other]) => plain(Schema.Union(one, other))),
    tie("schema").map((item) => plain(Schema.Array(item))),
    tie("schema").map((item) => plain(Schema.NonEmptyArray(item))),
    FastCheck.tuple(tie("schema"), tie("schema")).map(([one, other]) =>
      plain(Schema.Tuple(one, Schema.optionalElement(other)))
    ),
    FastCheck.tuple(tie("schema"), tie("schema")).map(([a, b]) => plain(Schema.Struct({ a, b: perhaps(b) }))),
    tie("schema").map((a) => plain(Schema.Struct({ a: perhaps(a) }))),
    tie("schema").map((value) => plain(Schema.Record({ key: Schema.String, value }))),
    FastCheck.constantFrom("0", "1").chain((tag) =>
      tie("schema").map((a) => plain(Schema.Struct({ _tag: Schema.Literal(tag), a })))
    )
  )
}))

const event = (field: Plain): Message.Any => {
  const { ast } = Schema.TaggedStruct("E", { field })
  return Schema.make<Message.Tagged, unknown>(ast)
}
const lockOf = (field: Plain) =>
  SchemaLock.make({
    aggregates: [{ name: "Thing", events: [event(field)], commands: [], state: Schema.Struct({}) }]
  })

/** As JSON, which leaves out what is undefined. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? "null")

/** What may have been stored. */
const stored = (schema: Plain): FastCheck.Arbitrary<unknown> =>
  Arbitrary.make(schema).map((value) => asJson(Schema.encodeSync(schema)(value)))

it("what a lock does not hold for breaking means what it did", { timeout: 120_000 }, () => {
  FastCheck.assert(
    FastCheck.property(schema, schema, FastCheck.nat(), (was, now, seed) => {
      const changes = SchemaLock.changes(lockOf(was), lockOf(now))
      FastCheck.pre(changes.every(({ verdict }) => verdict !== "breaking"))
      for (const payload of FastCheck.sample(stored(was), { numRuns: 20, seed })) {
        const before = Schema.decodeUnknownEither(was)(payload)
        const after = Schema.decodeUnknownEither(now)(payload)
        if (Either.isRight(before) && !isDeepStrictEqual(asJson(after), asJson(before))) {
          throw new Error(
            `${JSON.stringify(payload)} of ${String(was)} does not survive ${String(now)}: ${JSON.stringify(changes)}`
          )
        }
      }
    }),
    { numRuns: 100, maxSkipsPerRun: 10_000 }
  )
})
