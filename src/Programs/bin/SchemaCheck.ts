/** Checks the shapes of an app against the lock beside it and against what is released, or writes the lock again. */
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { LockReview, SchemaLock } from "everfold/testing"
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { explain, say, section } from "../Terminal.ts"
import * as SchemaRelease from "./SchemaRelease.ts"

/** The name of the lock in the root of an app. */
export const file = "schema.lock.json"

/** The shapes must not be committed like that; or the lock cannot be read or written. */
export class Refused extends Data.TaggedError("Refused")<{ readonly message: string }> {}

/** Which app, and whether its lock is to be written; what breaks a release is never written. */
export interface Options {
  readonly root: string
  readonly update: boolean
}

/** Says what has changed; fails when it must not be committed like that. */
export const check = (app: SchemaLock.App, { root, update }: Options) =>
  Effect.gen(function* () {
    const path = join(root, file)
    const now = yield* lockOf(app)
    const release = yield* SchemaRelease.last(root, file)
    const released = release && (yield* parsed(release))
    const committed = yield* read(path)
    const { allowed, breaking, stale } = LockReview.review({ now, committed, released })
    const since = release === undefined ? "" : ` since ${release.tag}`
    yield* list(`Breaking${since}`, breaking)
    yield* list(`Allowed${since}`, allowed)
    if (breaking.length > 0) {
      return yield* new Refused({
        message: `${counted(breaking, "change breaks", "changes break")} what is stored${since}`
      })
    }
    if (stale.length === 0) return yield* clean(now, release)
    yield* list(update ? "Written" : `Not in ${file}`, stale)
    if (!update) {
      return yield* new Refused({
        message: `${file} is not what the code says; npm run schema:check -- --update writes it`
      })
    }
    yield* write(path, SchemaLock.print(now))
    yield* clean(now, release)
  })

// internal

const lockOf = (app: SchemaLock.App) =>
  Effect.try({ try: () => SchemaLock.make(app), catch: (cause) => new Refused({ message: reason(cause) }) })

const parsed = ({ tag, text }: SchemaRelease.Release) =>
  Either.mapLeft(
    SchemaLock.parse(text),
    ({ message }) => new Refused({ message: `${file} of ${tag} is no lock: ${message}` })
  )

const read = (path: string) =>
  Effect.tryPromise({
    try: () => readFile(path, "utf8"),
    catch: (cause) => cause
  }).pipe(
    Effect.catchAll((cause) =>
      cause instanceof Error && "code" in cause && cause.code === "ENOENT"
        ? Effect.succeed(undefined)
        : new Refused({ message: reason(cause) })
    )
  )

const write = (path: string, text: string) =>
  Effect.tryPromise({
    try: () => writeFile(path, text),
    catch: (cause) => new Refused({ message: reason(cause) })
  })

const list = (title: string, lines: ReadonlyArray<string>) =>
  lines.length === 0
    ? Effect.void
    : Effect.zipRight(
        section(title),
        Effect.forEach(lines, (line) => explain("-", line), { discard: true })
      )

const clean = (now: SchemaLock.SchemaLock, release: SchemaRelease.Release | undefined) =>
  Effect.gen(function* () {
    const forms = Object.values(now.event).flatMap((revisions) => Object.keys(revisions))
    yield* Console.log()
    yield* say(
      `${file} is what the code says: ${counted(Object.keys(now.event), "event", "events")} in ` +
        `${counted(forms, "form", "forms")},`,
      `${counted(Object.keys(now.command), "command", "commands")}, ` +
        `${counted(Object.keys(now.row), "projection", "projections")}, ` +
        `${counted(Object.keys(now.state), "kept state", "kept states")}.`,
      ...(release === undefined
        ? [`No tag has a ${file}: nothing is released yet, and every shape may`, "change."]
        : [`Whatever ${release.tag} has stored can be read.`])
    )
  })

const counted = ({ length }: ReadonlyArray<unknown>, one: string, more: string) =>
  `${length} ${length === 1 ? one : more}`

const reason = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))
