/**
 * The history of an event: the forms in which earlier releases have stored it, and what each of them means today.
 * Stored events are never changed; they are lifted when they are read. Each payload is decoded with the Schema of its
 * own revision first, and only the newest revision is written (the upcasters of Axon, with types).
 */
import * as Either from "effect/Either"
import type { ParseError } from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as Message from "./Message.ts"

/** What an event says, without its tag. */
export type Content<E> = E extends unknown ? Omit<E, "_tag"> : never

/** Revisions of one event, from the first one on; `Old` is what the newest of them says. */
export interface Chain<out Old> {
  /** Another revision, and what the one before means in it. It may have another tag: so an event is renamed. */
  readonly next: <Next extends Message.Any>(
    schema: Next,
    up: (old: Old) => Content<Next["Type"]>
  ) => Chain<Content<Next["Type"]>>
  /** The event that is declared has replaced them: it is the next revision. */
  readonly now: <const Props>(up: (old: Old) => Props) => Message.Revisions<Props>
  /** Each of them was, among other things, any number of the event that is declared, or none. */
  readonly into: <const Props>(up: (old: Old) => ReadonlyArray<Props>) => Message.Revisions<Props>
}

/**
 * Begins with the first revision.
 *
 * @example
 * class Deposited extends Message.Struct<Deposited>()(
 *   "Deposited",
 *   { amount: Schema.Int, currency: Schema.String },
 *   Revisions.first(Schema.TaggedStruct("Deposited", { amount: Schema.Int }))
 *     .now(({ amount }) => ({ amount, currency: "EUR" }))
 * ) {}
 */
export const first = <S extends Message.Any>(schema: S): Chain<Content<S["Type"]>> =>
  chain<Content<S["Type"]>>([{ schema, lift: decoder(schema) }])

/**
 * All of these: an event that has replaced one, and was part of others. Throws when one revision of a type is in two of
 * them, because what they make of it would have the same ids.
 */
export const all = <Props>(
  ...revisions: ReadonlyArray<Message.Revisions<Props>>
): Message.Revisions<Props> => {
  const formers = revisions.flatMap(({ formers }) => formers)
  const names = formers.map(({ revision, type }) => `${type} revision ${revision}`)
  const twice = names.find((name, index) => names.indexOf(name) < index)
  if (twice !== undefined) throw new TypeError(`${twice} is lifted in two ways into one event`)
  return { current: Math.max(...revisions.map(({ current }) => current)), formers }
}

/** Events that mean nothing any more: whoever lists it, passes over them. */
export interface Dropped extends Message.Any {
  readonly Type: never
}

/** An event that means nothing any more, with all of its revisions. */
export const dropped = (...revisions: readonly [Message.Any, ...ReadonlyArray<Message.Any>]): Dropped => {
  const formers = revisions.map((schema, index) => ({
    type: Message.tagOf(schema),
    revision: index + 1,
    schema,
    parts: true,
    lift: () => Either.right([])
  }))
  const [{ ast }] = revisions
  return Object.assign(Schema.make<never, never>(ast), { revisions: { current: 0, formers } })
}

// internal

interface Link<Old> {
  readonly schema: Message.Any
  readonly lift: (json: object) => Either.Either<Old, ParseError>
}

const chain = <Old>(links: ReadonlyArray<Link<Old>>): Chain<Old> => {
  const formers = <Props>(parts: boolean, up: (old: Old) => ReadonlyArray<Props>) =>
    links.map(({ lift, schema }, index) => ({
      type: Message.tagOf(schema),
      revision: index + 1,
      schema,
      parts,
      lift: (json: object) => Either.map(lift(json), up)
    }))
  return {
    next: (schema, up) =>
      chain([
        ...links.map((link) => ({ ...link, lift: (json: object) => Either.map(link.lift(json), up) })),
        { schema, lift: decoder(schema) }
      ]),
    now: (up) => ({ current: links.length + 1, formers: formers(false, (old) => [up(old)]) }),
    into: (up) => ({ current: 1, formers: formers(true, up) })
  }
}

const decoder = <S extends Message.Any>(schema: S) => {
  const decode = Schema.decodeUnknownEither(Schema.make<Content<S["Type"]>, unknown>(schema.ast))
  const tag = Message.tagOf(schema)
  return (json: object) => decode({ ...json, _tag: tag })
}
