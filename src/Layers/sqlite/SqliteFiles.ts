/** Database files as files: written beside their place, made durable, and put there in one step. */
import * as fs from "node:fs/promises"
import { dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as StoreError from "../../Services/StoreError.ts"
import * as SqliteFailure from "./SqliteFailure.ts"
import * as SqlitePlace from "./SqlitePlace.ts"
import * as SqliteThread from "./SqliteThread.ts"

/** Refuses a place where there is something. */
export const absent = (file: string): Effect.Effect<void, StoreError.StoreError> =>
  Effect.flatMap(exists(file), (there) =>
    there ? Effect.fail(StoreError.make("Invalid", `${file} is there already`)) : Effect.void
  )

/** Whether something has this name. */
export const exists = (file: string): Effect.Effect<boolean, StoreError.StoreError> =>
  attempt(file, () =>
    fs.lstat(file).then(
      () => true,
      (cause) => (codeOf(cause) === "ENOENT" ? false : Promise.reject(cause))
    )
  )

/**
 * A place for a new version of a file, in a folder beside it which goes with the scope. A process that is killed
 * leaves the folder behind, `<file>.part-…`, and nobody needs it.
 */
export const part = (file: string): Effect.Effect<string, StoreError.StoreError, Scope.Scope> =>
  Effect.acquireRelease(
    attempt(file, () => fs.mkdtemp(`${file}.part-`)),
    (folder) =>
      Effect.catchAll(
        attempt(folder, () => fs.rm(folder, { recursive: true, force: true })),
        ({ message }) => Effect.logWarning(`a folder that nobody needs is left behind: ${message}`)
      )
  ).pipe(Effect.map((folder) => join(folder, "new.db")))

/**
 * Sees to it that nobody has a database open, `Busy` otherwise, and that all of it is in the one file. One that is
 * damaged, or none at all, is left as it is: then nobody works with it.
 */
export const vacate = (file: string): Effect.Effect<void, StoreError.StoreError> =>
  Effect.gen(function* () {
    if (!(yield* exists(file)) || (yield* isEmpty(file))) return
    const thread = yield* SqliteThread.open({ filename: file, readonly: false })
    yield* thread.run("pragma busy_timeout = 500")
    // SQLite leaves the mode with the write-ahead log only when it is alone.
    yield* thread.run("pragma journal_mode = delete")
  }).pipe(
    Effect.scoped,
    Effect.catchIf(SqliteFailure.isRubble, () => Effect.void)
  )

/** Gives a file and its companions a second name, so that they stay when the first is given to another. */
export const keep = (file: string, kept: string): Effect.Effect<void, StoreError.StoreError> =>
  Effect.forEach(
    ["", ...companions],
    (suffix) =>
      Effect.flatMap(exists(file + suffix), (there) =>
        there ? secondName(file + suffix, kept + suffix) : Effect.void
      ),
    { discard: true }
  )

/** Puts a new version of a file in its place, for good: at no moment is there less than one whole version. */
export const publish = (part: string, file: string): Effect.Effect<void, StoreError.StoreError> =>
  Effect.gen(function* () {
    yield* sync(part, "r+")
    // They belong to what was there before, and SQLite would mix them into the new version.
    yield* Effect.forEach(companions, (suffix) => attempt(file, () => fs.rm(file + suffix, { force: true })))
    yield* attempt(file, () => fs.rename(part, file))
    // Windows cannot open a folder, and has no need to.
    if (process.platform !== "win32") yield* sync(dirname(file), "r")
  }).pipe(Effect.uninterruptible)

/** Makes a folder, if it is not there. */
export const makeFolder = (folder: string): Effect.Effect<void, StoreError.StoreError> =>
  folder === ""
    ? Effect.fail(StoreError.make("Invalid", "a folder has a name"))
    : Effect.mapError(
        Effect.asVoid(attempt(folder, () => fs.mkdir(folder, { recursive: true }))),
        (error) => SqlitePlace.obstacle(folder, error.cause) ?? error
      )

// internal

/** What SQLite may leave beside a database file. */
const companions = ["-wal", "-shm", "-journal"]

const attempt = <A>(file: string, run: () => Promise<A>) =>
  Effect.tryPromise({ try: run, catch: (cause) => SqliteFailure.fromCause(file, cause) })

const codeOf = (cause: unknown): unknown =>
  typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined

/** Looks without writing: whoever may write removes the write-ahead log of a file that is no database. */
const isEmpty = (file: string) =>
  Effect.scoped(
    Effect.gen(function* () {
      const thread = yield* SqliteThread.open({ filename: file })
      const [pages] = yield* thread.run("pragma page_count")
      return pages?.[0] === 0
    })
  )

/** Not every file system knows files with two names; a copy will do. */
const secondName = (file: string, name: string) =>
  attempt(name, () =>
    fs
      .link(file, name)
      .catch((cause: unknown) =>
        codeOf(cause) === "EEXIST"
          ? Promise.reject(cause)
          : fs.copyFile(file, name, fs.constants.COPYFILE_EXCL)
      )
  )

const sync = (path: string, flags: "r" | "r+") =>
  attempt(path, async () => {
    const handle = await fs.open(path, flags)
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  })
