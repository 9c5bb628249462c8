/** What is released: the lock in the last tag that has one. A commit cannot change what a tag holds. */
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/** A file as it was released. */
export interface Release {
  readonly tag: string
  readonly text: string
}

/** Nobody can tell what is released. */
export class Unknown extends Data.TaggedError("Unknown")<{ readonly message: string }> {}

/** The file of a folder in the nearest tag that has it; `undefined` when no tag has. */
export const last = (root: string, file: string): Effect.Effect<Release | undefined, Unknown> =>
  Effect.gen(function* () {
    const isShallow = yield* git(root, "rev-parse", "--is-shallow-repository")
    const release = yield* search(root, file, "HEAD")
    if (release === undefined && isShallow === "true") {
      return yield* new Unknown({
        message: `${root} is a shallow clone without the tags of its releases: git fetch --unshallow --tags`
      })
    }
    return release
  })

// internal

const search = (root: string, file: string, from: string): Effect.Effect<Release | undefined, Unknown> =>
  Effect.gen(function* () {
    const tag = yield* found(git(root, "describe", "--tags", "--abbrev=0", from))
    if (tag === undefined) return undefined
    const text = yield* found(git(root, "show", `${tag}:./${file}`))
    return text === undefined ? yield* search(root, file, `${tag}^`) : { tag, text }
  })

/** git says no by failing. */
const found = (asked: Effect.Effect<string, Unknown>): Effect.Effect<string | undefined> =>
  Effect.catchAll(asked, () => Effect.succeed(undefined))

const git = (root: string, ...args: ReadonlyArray<string>): Effect.Effect<string, Unknown> =>
  Effect.tryPromise({
    try: () => run("git", args, { cwd: root, maxBuffer: 2 ** 28 }),
    catch: (cause) =>
      new Unknown({
        message: `git does not tell what is released: ${cause instanceof Error ? cause.message : cause}`
      })
  }).pipe(Effect.map(({ stdout }) => stdout.trim()))

const run = promisify(execFile)
