/**
 * What every message has to keep to, because events live for ever: property tests that need nothing but the messages.
 *
 * @example
 * for (const law of MessageLaws.of(Account.events)) it(law.name, () => law.check())
 */
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import * as Difference from "../../Domain/Difference.ts"
import * as EventCodec from "../../Domain/EventCodec.ts"
import * as Forms from "../../Domain/Forms.ts"
import * as Message from "../../Domain/Message.ts"
import * as FormerLaws from "./FormerLaws.ts"
import type { Law } from "./Law.ts"
import { BrokenLaw, forAll } from "./Law.ts"
import * as MessageSamples from "./MessageSamples.ts"
import * as Paths from "./Paths.ts"

/** How much is tried, and what earlier revisions said that is of no use any more. */
export type Options = FormerLaws.Options

/** The laws of some messages, best of all those of an aggregate: an old event may mean several of them. */
export const of = (messages: Message.List, options: Options = {}): ReadonlyArray<Law> => {
  const codec = EventCodec.make(messages)
  const dropped = new Set(
    messages.flatMap(({ revisions }) => (revisions?.current === 0 ? revisions.formers.map(Forms.nameOf) : []))
  )
  const formers = Forms.of(messages).filter(({ written }) => !written)
  return [
    ...messages.flatMap((message) => [
      ...(message.revisions?.current === 0 ? [] : [identity(message, options), wholeness(message, options)]),
      contiguity(message)
    ]),
    ...formers.flatMap((form) =>
      dropped.has(Forms.nameOf(form))
        ? [FormerLaws.silence(codec, form, options)]
        : [FormerLaws.validity(codec, form, options), FormerLaws.influence(codec, form, options)]
    )
  ]
}

// internal

/** What is read again of a message that was stored. */
const reader = (message: Message.Any) => {
  const type = Message.tagOf(message)
  const { decodePayload } = EventCodec.make([MessageSamples.withoutHistory(message)])
  return (payload: string) => Either.getOrThrow(decodePayload({ type, revision: 1, payload }))
}

const nameOf = (message: Message.Any) =>
  Forms.nameOf({ type: Message.tagOf(message), revision: message.revisions?.current ?? 1 })

const identity = (message: Message.Any, options: Options): Law => {
  const read = reader(message)
  const same = Schema.equivalence(MessageSamples.withoutHistory(message))
  return forAll(
    `${nameOf(message)}: what is read is what was written`,
    options,
    () => MessageSamples.of(message),
    ({ event, payload }) => {
      const again = read(payload)
      // A field that is `undefined` may be absent afterwards, which an equivalence need not forgive.
      const [change] = same(again, event) ? [] : Difference.between(event, again)
      if (change === undefined) return undefined
      const { field, from, to } = change
      return `"${field}" was ${FastCheck.stringify(from)}, and ${FastCheck.stringify(to)} is read from ${payload}`
    }
  )
}

const wholeness = (message: Message.Any, options: Options): Law => {
  const read = reader(message)
  return forAll(
    `${nameOf(message)}: no property is lost when it is stored`,
    options,
    () => MessageSamples.of(message),
    ({ event, payload }) => {
      const again = Paths.of(read(payload))
      const lost = [...Paths.of(event).keys()].find((path) => !again.has(path))
      return lost && `"${lost}" of ${FastCheck.stringify(event)} is lost`
    }
  )
}

const contiguity = (message: Message.Any): Law => {
  const type = Message.tagOf(message)
  const { current = 1, formers = [] } = message.revisions ?? {}
  const name = `${type}: its revisions have no gap`
  const broken = (details: string) => new BrokenLaw({ details: `${name}: ${details}` })
  return {
    name,
    check: () => {
      const whole = formers.flatMap(({ parts, revision }) => (parts ? [] : [revision]))
      const late = whole.find((revision) => revision >= current)
      if (late !== undefined) throw broken(`revision ${late} cannot be a former one: ${current} is written`)
      const parts = formers.flatMap(({ parts, revision }) => (parts ? [revision] : []))
      const gap = missing(current > 0 ? [...whole, current] : whole) ?? missing(parts)
      if (gap !== undefined) throw broken(`nothing says what revision ${gap} was`)
    }
  }
}

/** The first number from 1 to the greatest that is not there. */
const missing = (revisions: ReadonlyArray<number>): number | undefined =>
  Array.from({ length: Math.max(0, ...revisions) }, (_, index) => index + 1).find(
    (revision) => !revisions.includes(revision)
  )
