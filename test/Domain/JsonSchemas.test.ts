import { EventCodec, JsonSchemas, Message, Revisions } from "everfold"
import * as Arbitrary from "effect/Arbitrary"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import * as fs from "node:fs"
import * as path from "node:path"
import { describe, expect, it } from "vitest"
import * as Forms from "../../src/Domain/Forms.ts"
import { contexts } from "../../src/Programs/bin/Contexts.ts"
import { problem } from "./jsonSchema.ts"

const schemaOf = (messages: Message.List, form: string): JsonSchemas.JsonSchema => {
  const schema = JsonSchemas.of(messages).get(form)
  if (schema === undefined) throw new Error(`no ${form}`)
  return schema
}

/** Stored payloads of a form, generated. */
const payloadsOf = ({ schema }: Forms.Form): FastCheck.Arbitrary<unknown> => {
  const plain = Schema.make<Message.Tagged, unknown>(schema.ast)
  const { encode } = EventCodec.make([plain])
  return Arbitrary.make(plain).map((event): unknown => JSON.parse(Either.getOrThrow(encode(event)).payload))
}

describe.each([...contexts])("the JSON Schemas of %s", (context, aggregates) => {
  const messages = aggregates.flatMap(({ commands, events }) => [...events, ...commands])

  it.each(Forms.of(messages).map((form) => [Forms.nameOf(form), form] as const))(
    "accept what is stored of %s",
    (name, form) => {
      const schema = schemaOf(messages, name)
      FastCheck.assert(
        FastCheck.property(payloadsOf(form), (payload) => {
          expect(problem(schema, schema, payload)).toBeUndefined()
        })
      )
    }
  )

  it("accept the golden events", () => {
    const folder = path.resolve(import.meta.dirname, `../golden/events/${context}`)
    const files = fs.readdirSync(folder)
    expect(files.length).toBeGreaterThan(1)
    for (const file of files) {
      const schema = schemaOf(messages, path.basename(file, ".json"))
      const { payload } = JSON.parse(fs.readFileSync(path.join(folder, file), "utf8"))
      expect(problem(schema, schema, payload)).toBeUndefined()
    }
  })
})

class Paid extends Message.Struct<Paid>()(
  "Paid",
  {
    amount: Schema.Int.pipe(Schema.positive()),
    currency: Schema.Literal("EUR", "CHF"),
    by: Schema.optionalWith(Schema.NonEmptyString, { exact: true }),
    at: Schema.Date,
    lines: Schema.Array(Schema.Struct({ _tag: Schema.Literal("Line"), price: Schema.NumberFromString }))
  },
  Revisions.first(Schema.TaggedStruct("Received", { euros: Schema.Number })).now(({ euros }) => ({
    amount: Math.round(euros * 100),
    currency: "EUR" as const,
    at: new Date(0),
    lines: []
  }))
) {}

describe("a JSON Schema", () => {
  const schema = schemaOf([Paid], "Paid.2")
  const payload = {
    amount: 5,
    currency: "EUR",
    at: "2026-01-01T00:00:00.000Z",
    lines: [{ _tag: "Line", price: "1.5" }]
  }

  it("says what lies in the log, without the tag of the message, and with those within", () => {
    expect(schema["title"]).toBe("Paid")
    expect(schema["required"]).toEqual(["amount", "currency", "at", "lines"])
    expect(JSON.stringify(schema)).not.toContain('"Paid"]')
    expect(problem(schema, schema, payload)).toBeUndefined()
    expect(problem(schema, schema, { ...payload, by: "Zoë", later: 1 })).toBeUndefined()
  })

  it.each([
    { amount: 0 },
    { amount: 1.5 },
    { amount: "5" },
    { currency: "USD" },
    { by: "" },
    { by: null },
    { at: 0 },
    { lines: [{ price: "1.5" }] },
    { lines: [{ _tag: "Line", price: 1.5 }] },
    { lines: undefined }
  ])("refuses %j", (change) => {
    const changed: unknown = JSON.parse(JSON.stringify({ ...payload, ...change }))
    expect(problem(schema, schema, changed)).toMatch(/is against/)
  })

  it("is there for each form", () => {
    expect([...JsonSchemas.of([Paid]).keys()]).toEqual(["Received.1", "Paid.2"])
    const former = schemaOf([Paid], "Received.1")
    expect(problem(former, former, { euros: 1.5 })).toBeUndefined()
    expect(problem(former, former, payload)).toMatch(/against required/)
    expect([...JsonSchemas.of([Revisions.dropped(Schema.TaggedStruct("Gone", {}))]).keys()]).toEqual([
      "Gone.1"
    ])
  })

  it("has definitions of what contains itself", () => {
    interface Tree {
      readonly name: string
      readonly inner: ReadonlyArray<Tree>
    }
    const Tree: Schema.Schema<Tree> = Schema.Struct({
      name: Schema.NonEmptyString,
      inner: Schema.Array(Schema.suspend(() => Tree))
    }).annotations({ identifier: "Tree" })
    class Grown extends Message.Struct<Grown>()("Grown", { tree: Tree }) {}
    const grown = schemaOf([Grown], "Grown.1")
    const tree = (name: string) => ({ tree: { name: "a", inner: [{ name, inner: [] }] } })
    expect(Object.keys(grown["definitions"] ?? {})).toEqual(["Tree"])
    expect(problem(grown, grown, tree("b"))).toBeUndefined()
    expect(problem(grown, grown, tree(""))).toMatch(/against properties/)
  })

  it("is made of a class", () => {
    class Classy extends Schema.TaggedClass<Classy>()("Classy", { amount: Schema.NumberFromString }) {}
    const classy = schemaOf([Classy], "Classy.1")
    expect(problem(classy, classy, { amount: "5" })).toBeUndefined()
    expect(problem(classy, classy, { amount: 5 })).toMatch(/is against/)
  })

  it("is refused where there is no form in JSON", () => {
    class Odd extends Message.Struct<Odd>()("Odd", { at: Schema.DateFromSelf }) {}
    expect(() => JsonSchemas.of([Odd])).toThrow(/^Odd.1 has no form in JSON: /)
  })
})
