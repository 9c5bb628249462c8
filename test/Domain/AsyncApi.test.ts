import { AsyncApi, Message, Revisions } from "everfold"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { contexts } from "../../src/Programs/bin/Contexts.ts"
import { Account, deposited } from "../Bank.ts"
import { pointedTo, problem } from "./jsonSchema.ts"

const info = { title: "A bank", version: "2.0.0" }

/** Everything that a document points to. */
const pointers = (value: unknown): ReadonlyArray<string> =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, part]: readonly [string, unknown]) =>
        key === "$ref" ? [String(part)] : pointers(part)
      )
    : []

const keys = ({ channels, components, operations }: AsyncApi.Document) =>
  [channels, operations, components.messages, components.schemas].flatMap((named) => Object.keys(named))

describe("a document of AsyncAPI", () => {
  const document = AsyncApi.make(info, [Account])

  it("has a channel for the events of a category, and one for its commands", () => {
    expect(document).toMatchObject({ asyncapi: "3.0.0", info, defaultContentType: "application/json" })
    expect(document.channels).toMatchInlineSnapshot(`
      {
        "Account": {
          "address": "Account-{id}",
          "description": "The events of each Account, in the order of its stream.",
          "messages": {
            "Deposited.1": {
              "$ref": "#/components/messages/Deposited.1",
            },
            "Withdrawn.1": {
              "$ref": "#/components/messages/Withdrawn.1",
            },
          },
          "parameters": {
            "id": {
              "description": "Which Account it is.",
            },
          },
        },
        "Account.commands": {
          "address": null,
          "description": "What can be asked of each Account.",
          "messages": {
            "Deposit.1": {
              "$ref": "#/components/messages/Deposit.1",
            },
            "Withdraw.1": {
              "$ref": "#/components/messages/Withdraw.1",
            },
          },
        },
      }
    `)
    expect(document.operations).toMatchInlineSnapshot(`
      {
        "Account": {
          "action": "send",
          "channel": {
            "$ref": "#/channels/Account",
          },
          "messages": [
            {
              "$ref": "#/channels/Account/messages/Deposited.1",
            },
            {
              "$ref": "#/channels/Account/messages/Withdrawn.1",
            },
          ],
        },
        "Account.commands": {
          "action": "receive",
          "channel": {
            "$ref": "#/channels/Account.commands",
          },
          "messages": [
            {
              "$ref": "#/channels/Account.commands/messages/Deposit.1",
            },
            {
              "$ref": "#/channels/Account.commands/messages/Withdraw.1",
            },
          ],
        },
      }
    `)
  })

  it("says what a message is beside its payload", () => {
    expect(document.components.messages["Deposited.1"]).toMatchInlineSnapshot(`
      {
        "headers": {
          "properties": {
            "revision": {
              "const": 1,
            },
            "type": {
              "const": "Deposited",
            },
          },
          "required": [
            "type",
            "revision",
          ],
          "type": "object",
        },
        "name": "Deposited",
        "payload": {
          "$ref": "#/components/schemas/Deposited.1",
        },
        "title": "Deposited, revision 1",
      }
    `)
    const { accountId, amount } = deposited("alice", 5)
    const payload = { accountId, amount }
    const schema = document.components.messages["Deposited.1"]?.payload
    expect(problem(document, schema, payload)).toBeUndefined()
    expect(problem(document, schema, { ...payload, amount: 0 })).toMatch(/is against/)
  })

  it("has old forms where they are read, and not where messages are written", () => {
    class Paid extends Message.Struct<Paid>()(
      "Paid",
      { cents: Schema.Int },
      Revisions.first(Schema.TaggedStruct("Größe", { euros: Schema.Int })).now(({ euros }) => ({
        cents: euros * 100
      }))
    ) {}
    const { channels, components, operations } = AsyncApi.make(info, [
      { name: "Order", events: [Paid], commands: [] }
    ])
    expect(Object.keys(channels["Order"]?.messages ?? {})).toEqual(["Gr_f6__df_e.1", "Paid.2"])
    expect(components.messages["Gr_f6__df_e.1"]?.name).toBe("Größe")
    expect(operations["Order"]?.messages).toEqual([{ $ref: "#/channels/Order/messages/Paid.2" }])
  })

  it("keeps apart what two messages call by the same name", () => {
    interface Nested {
      readonly size?: number | undefined
      readonly inner: ReadonlyArray<Nested>
    }
    const nested = (size: Schema.Schema<number>) => {
      const schema: Schema.Schema<Nested> = Schema.Struct({
        size: Schema.optional(size),
        inner: Schema.Array(Schema.suspend(() => schema))
      }).annotations({ identifier: "Nested" })
      return schema
    }
    class One extends Message.Struct<One>()("One", { it: nested(Schema.Int) }) {}
    class Two extends Message.Struct<Two>()("Two", { it: nested(Schema.Number) }) {}
    const both = AsyncApi.make(info, [{ name: "Both", events: [One, Two], commands: [] }])
    const accepts = (name: string, size: number) =>
      problem(both, both.components.messages[name]?.payload, { it: { inner: [{ size, inner: [] }] } }) ===
      undefined
    expect([accepts("One.1", 1), accepts("One.1", 1.5)]).toEqual([true, false])
    expect([accepts("Two.1", 1), accepts("Two.1", 1.5)]).toEqual([true, true])
  })
})

it.each([
  ["of the bank", [Account]],
  ["of all contexts", [...contexts.values()].flat()]
])("the document %s holds together", (_name, categories) => {
  const document = AsyncApi.make(info, categories)
  expect(pointers(document).length).toBeGreaterThan(10)
  for (const pointer of pointers(document)) expect(pointedTo(document, pointer)).toBeTypeOf("object")
  for (const key of keys(document)) expect(key).toMatch(/^[A-Za-z0-9._-]+$/)
  expect(JSON.parse(JSON.stringify(document))).toEqual(document)
})
