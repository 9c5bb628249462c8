/**
 * A lock of the shapes of an app: what its events, commands, rows and states look like, in a text that lies beside the
 * code. Compared with the lock of a release it tells which changes the payloads that are stored already would not survive.
 */
import type * as Either from "effect/Either"
import type { ParseError } from "effect/ParseResult"
import * as Schema from "effect/Schema"
import type * as AST from "effect/SchemaAST"
import * as Forms from "../Forms.ts"
import * as LockText from "./LockText.ts"
import type * as Message from "../Message.ts"
import * as Shape from "./Shape.ts"
import * as ShapeDifference from "./ShapeDifference.ts"
import * as Text from "../Text.ts"

/** What is locked. Only events are stored for ever: the other kinds are on record, so that a review sees a change. */
export const kinds = ["event", "command", "row", "state"] as const
export type Kind = (typeof kinds)[number]

const ByName = Schema.Record({
  key: Schema.String,
  value: Schema.Record({ key: Schema.String, value: Shape.Shape })
})

/** Shapes by kind, name and revision; the revision of a row or a state is the version that its author has given it. */
export const SchemaLock = Schema.Struct({ event: ByName, command: ByName, row: ByName, state: ByName })
export type SchemaLock = typeof SchemaLock.Type

/** What an app consists of. */
export interface App {
  readonly aggregates: ReadonlyArray<{
    readonly name: string
    readonly events: Message.List
    readonly commands: Message.List
    readonly state: { readonly ast: AST.AST }
    /** States are locked when they are kept. */
    readonly snapshot?: { readonly version: number } | undefined
  }>
  /** Projections, each with the Schema of its rows. */
  readonly rows?: ReadonlyArray<{
    readonly projection: { readonly name: string; readonly version: number }
    readonly row: { readonly ast: AST.AST }
  }>
}

/** The lock of today's code; throws, naming the message and the field, where something cannot be seen. */
export const make = ({ aggregates, rows = [] }: App): SchemaLock => ({
  event: collect(aggregates.flatMap(({ events }) => events.flatMap((event) => forms("event", event)))),
  command: collect(
    aggregates.flatMap(({ commands }) => commands.flatMap((command) => forms("command", command)))
  ),
  row: collect(
    rows.map(({ projection: { name, version }, row }) =>
      entry("row", name, version, (what) => Shape.of(what, row))
    )
  ),
  state: collect(
    aggregates.flatMap(({ name, snapshot, state }) =>
      snapshot === undefined ? [] : [entry("state", name, snapshot.version, (what) => Shape.of(what, state))]
    )
  )
})

/** What has become of something that is locked, or of one of its fields. */
export interface Change {
  /** Breaking: what is stored of a released event would be refused, read in another way, or lost in part. */
  readonly verdict: "same" | "added" | "allowed" | "breaking"
  /** What it is about, what was there, what is there now, and what that breaks. */
  readonly line: string
  /** What to do instead of what is breaking, once it is released. */
  readonly remedy?: string
}

/** The changes from a lock to another, sorted; one or more for each entry. */
export const changes = (was: SchemaLock, now: SchemaLock): ReadonlyArray<Change> =>
  kinds.flatMap((kind) => {
    const before = new Map(listed(kind, was))
    const after = new Map(listed(kind, now))
    return [...new Set([...before.keys(), ...after.keys()])]
      .sort(Text.compare)
      .flatMap((label) => changed(kind, label, before.get(label), after.get(label)))
  })

/** The text of a lock: one for each lock, sorted, made to be read in a review. */
export const print = (lock: SchemaLock): string => LockText.print(lock)

/** Reads what `print` has written; fails when it is something else. */
export const parse = (text: string): Either.Either<SchemaLock, ParseError> => decode(text)

// internal

interface Entry {
  readonly what: string
  readonly name: string
  readonly revision: number
  readonly shape: Shape.Shape
}

const decode = Schema.decodeEither(Schema.parseJson(SchemaLock), { onExcessProperty: "error" })

const labelOf = (kind: Kind, name: string, revision: number | string): string =>
  `${kind} ${name} ${kind === "event" || kind === "command" ? "revision" : "version"} ${revision}`

const entry = (kind: Kind, name: string, revision: number, shapeOf: (what: string) => Shape.Shape): Entry => {
  const what = labelOf(kind, name, revision)
  return { what, name, revision, shape: shapeOf(what) }
}

/** A message in each form in which it may be stored. */
const forms = (kind: Kind, message: Message.Any): ReadonlyArray<Entry> =>
  Forms.ofMessage(message).map(({ revision, schema, type }) =>
    entry(kind, type, revision, (what) => Shape.ofMessage(what, schema))
  )

const collect = (entries: ReadonlyArray<Entry>): SchemaLock[Kind] => {
  const byName: Record<string, Record<string, Shape.Shape>> = {}
  for (const { name, revision, shape, what } of entries) {
    const byRevision = (byName[name] ??= {})
    const other = (byRevision[revision] ??= shape)
    if (!ShapeDifference.same(other, shape)) throw new TypeError(`${what} has two shapes`)
  }
  return byName
}

const listed = (kind: Kind, lock: SchemaLock): ReadonlyArray<readonly [string, Shape.Shape]> =>
  Object.entries(lock[kind]).flatMap(([name, revisions]) =>
    Object.entries(revisions).map(([revision, shape]) => [labelOf(kind, name, revision), shape] as const)
  )

const changed = (
  kind: Kind,
  label: string,
  was: Shape.Shape | undefined,
  now: Shape.Shape | undefined
): ReadonlyArray<Change> => {
  if (was === undefined) return [{ verdict: "added", line: `${label} is new` }]
  if (now === undefined) {
    return kind === "event"
      ? [
          {
            verdict: "breaking",
            line: `${label} is gone: what is stored of it could not be read`,
            remedy: "keep it as a former form"
          }
        ]
      : [{ verdict: "allowed", line: `${label} is gone` }]
  }
  const differences = ShapeDifference.between(was, now)
  if (differences.length === 0) return [{ verdict: "same", line: `${label} is the same` }]
  return differences.map((difference) => {
    const line = `${label}: ${difference.line}`
    return difference.breaking && kind === "event"
      ? { verdict: "breaking", line, remedy: "add a revision" }
      : { verdict: "allowed", line }
  })
}
