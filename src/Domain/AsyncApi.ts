/**
 * What a program says and understands, as a document of AsyncAPI 3: for programs in other languages, and for whoever
 * wants to read it in a browser.
 */
import type { Category } from "./Category.ts"
import * as Forms from "./Forms.ts"
import * as JsonSchemas from "./JsonSchemas.ts"
import type { List } from "./Message.ts"

/** What the document says about itself. */
export interface Info {
  readonly title: string
  /** The version of the program, not of AsyncAPI. */
  readonly version: string
  readonly description?: string
}

/** A category and the commands for it; any aggregate is one. */
export interface Commanded extends Category {
  readonly commands: List
}

/** A document of AsyncAPI 3, as data. */
export interface Document {
  readonly asyncapi: "3.0.0"
  readonly info: Info
  readonly defaultContentType: "application/json"
  readonly channels: Named<Channel>
  readonly operations: Named<Operation>
  readonly components: { readonly messages: Named<Message>; readonly schemas: Named<JsonSchemas.JsonSchema> }
}

/** Where messages are: a kind of streams, or the commands for it. */
export interface Channel {
  /** The name of a stream; null for commands, which any transport may bring. */
  readonly address: string | null
  readonly description: string
  readonly parameters?: Named<{ readonly description: string }>
  readonly messages: Named<Ref>
}

/** What the program does with a channel. */
export interface Operation {
  readonly action: "send" | "receive"
  readonly channel: Ref
  readonly messages: ReadonlyArray<Ref>
}

/** A form of a message. Its type and revision stand beside the payload, in the log and here. */
export interface Message {
  readonly name: string
  readonly title: string
  readonly headers: JsonSchemas.JsonSchema
  readonly payload: Ref
}

/** A pointer into the document. */
export interface Ref {
  readonly $ref: string
}

/** Things by their names. */
export interface Named<A> {
  readonly [name: string]: A
}

/**
 * Each category is a channel for the events of its streams, which the program sends, and one for its commands, which
 * it receives. A channel has all forms of its messages, because old events are read for ever; an operation has only
 * those that are written today. Throws when a message has no form in JSON.
 */
export const make = (info: Info, categories: ReadonlyArray<Commanded>): Document => {
  const forms = Forms.of(categories.flatMap(({ commands, events }) => [...events, ...commands]))
  const channels = categories.flatMap(({ commands, events, name }) => [
    { key: plain(name), action: "send" as const, messages: events, about: streamsOf(name) },
    {
      key: plain(`${name}.commands`),
      action: "receive" as const,
      messages: commands,
      about: requestsOf(name)
    }
  ])
  return {
    asyncapi: "3.0.0",
    info,
    defaultContentType: "application/json",
    channels: Object.fromEntries(
      channels.map(({ about, key, messages }) => [key, { ...about, messages: referred(messages) }])
    ),
    operations: Object.fromEntries(
      channels.map(({ action, key, messages }) => [key, operationOf(key, action, messages)])
    ),
    components: {
      messages: Object.fromEntries(forms.map((form) => [keyOf(form), messageOf(form)])),
      schemas: Object.fromEntries(forms.map((form) => [keyOf(form), schemaOf(form)]))
    }
  }
}

// internal

const streamsOf = (name: string) => ({
  address: `${name}-{id}`,
  description: `The events of each ${name}, in the order of its stream.`,
  parameters: { id: { description: `Which ${name} it is.` } }
})

const requestsOf = (name: string) => ({ address: null, description: `What can be asked of each ${name}.` })

const referred = (messages: List): Named<Ref> =>
  Object.fromEntries(Forms.of(messages).map((form) => [keyOf(form), ref("components/messages", keyOf(form))]))

const operationOf = (key: string, action: Operation["action"], messages: List): Operation => ({
  action,
  channel: ref("channels", key),
  messages: Forms.of(messages)
    .filter(({ written }) => written)
    .map((form) => ref(`channels/${key}/messages`, keyOf(form)))
})

const messageOf = (form: Forms.Form): Message => ({
  name: form.type,
  title: `${form.type}, revision ${form.revision}`,
  headers: {
    type: "object",
    properties: { type: { const: form.type }, revision: { const: form.revision } },
    required: ["type", "revision"]
  },
  payload: ref("components/schemas", keyOf(form))
})

const schemaOf = (form: Forms.Form): JsonSchemas.JsonSchema =>
  JsonSchemas.payloadOf(form, `#/components/schemas/${keyOf(form)}`)

const ref = (folder: string, key: string): Ref => ({ $ref: `#/${folder}/${key}` })

const keyOf = (form: Forms.Form): string => plain(Forms.nameOf(form))

/** Keys are letters, digits and . - _ here; a type may be called anything. */
const plain = (name: string): string =>
  name.replace(/[^A-Za-z0-9._-]/gu, (letter) => `_${letter.codePointAt(0)?.toString(16)}_`)
