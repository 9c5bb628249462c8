/** The forms in which messages may be stored: those of today, and those of earlier releases. */
import * as Message from "./Message.ts"

/** One revision of a stored type. */
export interface Form {
  readonly type: string
  readonly revision: number
  readonly schema: Message.Any
  /** It is still written; otherwise it is only read. */
  readonly written: boolean
}

/** What a form is called, as in `ProductCreated.1`. */
export const nameOf = ({ revision, type }: { readonly type: string; readonly revision: number }): string =>
  `${type}.${revision}`

/** The forms of one message, from the first revision on. */
export const ofMessage = (message: Message.Any): ReadonlyArray<Form> => {
  const { current = 1, formers = [] } = message.revisions ?? {}
  const earlier = formers.map(({ revision, schema, type }) => ({ type, revision, schema, written: false }))
  return current === 0
    ? earlier
    : [...earlier, { type: Message.tagOf(message), revision: current, schema: message, written: true }]
}

/** The forms of some messages, each of them once, although several messages may have been part of it. */
export const of = (messages: Message.List): ReadonlyArray<Form> => {
  const forms = new Map<string, Form>()
  for (const form of messages.flatMap(ofMessage)) {
    if (!forms.has(nameOf(form))) forms.set(nameOf(form), form)
  }
  return [...forms.values()]
}
