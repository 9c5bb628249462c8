/** A copy of a log in one file, made while the log is in use; and a log made from such a copy. */
import { join, resolve } from "node:path"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Soundness from "../../Domain/Soundness.ts"
import type { Identity } from "../../Services/EventStore.ts"
import * as StoreError from "../../Services/StoreError.ts"
import type { Report } from "../../Services/Verification.ts"
import * as Verification from "../../Services/Verification.ts"
import * as SqliteFailure from "./SqliteFailure.ts"
import * as SqliteFiles from "./SqliteFiles.ts"
import * as SqliteThread from "./SqliteThread.ts"
import * as SqliteVerification from "./SqliteVerification.ts"

/** Which log, and where the copy goes. */
export interface BackupOptions {
  /** Where `log.db` is. */
  readonly directory: string
  /** The file to be made. Its folder must be there. */
  readonly to: string
  /** Takes the place of a file that is there; default `false`. */
  readonly overwrite?: boolean
}

/** Which copy, and where the log is to be. */
export interface RestoreOptions {
  /** A file that `backup` has made. */
  readonly from: string
  /** Where `log.db` is to be; made if it is not there. */
  readonly directory: string
  /** Takes the place of a log that is there, which is kept under another name; default `false`. */
  readonly replace?: boolean
}

/** What a log that was restored is now. */
export interface Restored {
  readonly report: Report
  readonly identity: Identity
  /** Where the log is that was there before. */
  readonly kept: string | undefined
}

/**
 * Copies a log as it is at one moment, on a thread of its own: others go on appending, and the event loop turns.
 * The copy is verified; a log that is damaged is not backed up, so a good copy is never replaced by a bad one.
 * The target is there only when it is whole, verified and on disk.
 *
 * Whoever copies the file by other means, while it is in use, misses what is in the write-ahead log only.
 *
 * `VACUUM INTO` reads one snapshot, however long it takes; the backup API of SQLite begins again whenever
 * another connection has written. And the copy is one small file without a write-ahead log.
 *
 * @example
 * yield* SqliteBackup.backup({ directory: "data", to: "/backups/monday.db" })
 */
export const backup = ({
  directory,
  overwrite = false,
  to
}: BackupOptions): Effect.Effect<Report, StoreError.StoreError> =>
  Effect.gen(function* () {
    const target = resolve(to)
    if (!overwrite) yield* SqliteFiles.absent(target)
    const part = yield* SqliteFiles.part(target)
    yield* copy(logIn(directory), part)
    const report = yield* verified(logIn(directory), part)
    if (overwrite) yield* SqliteFiles.vacate(target)
    else yield* SqliteFiles.absent(target)
    yield* SqliteFiles.publish(part, target)
    return report
  }).pipe(Effect.scoped, Effect.withSpan("SqliteBackup.backup"))

/**
 * Makes a log from a copy: with its id, and an epoch that neither the copy nor the log in its place had, so that
 * whoever has seen events which the copy does not hold can tell. Nobody may have the log open: `Busy` otherwise. A log
 * of a newer program, whose epoch cannot be told, is not replaced: `NewerSchema`.
 *
 * The read database is left as it is: projections see that its rows come from another epoch, and build them again.
 * Subscribers with effects outside the log halt, until somebody who knows what they have done since the copy was made
 * resumes them.
 *
 * @example
 * yield* SqliteBackup.restore({ from: "/backups/monday.db", directory: "data" })
 */
export const restore = ({
  directory,
  from,
  replace = false
}: RestoreOptions): Effect.Effect<Restored, StoreError.StoreError> =>
  Effect.gen(function* () {
    const target = logIn(directory)
    // Before a folder is made: nothing is left behind by whoever mistypes a name.
    yield* Effect.scoped(SqliteVerification.openLog(resolve(from)))
    yield* SqliteFiles.makeFolder(directory)
    if (!replace) yield* SqliteFiles.absent(target)
    const part = yield* SqliteFiles.part(target)
    yield* copy(resolve(from), part)
    const report = yield* verified(from, part)
    yield* SqliteFiles.vacate(target)
    const identity = yield* raiseEpoch(part, yield* identityOf(target))
    const kept = yield* keep(target)
    yield* SqliteFiles.publish(part, target)
    return { report, identity, kept }
  }).pipe(Effect.scoped, Effect.withSpan("SqliteBackup.restore"))

// internal

const logIn = (directory: string) => resolve(join(directory, "log.db"))

const copy = (log: string, part: string) =>
  Effect.scoped(
    Effect.flatMap(SqliteVerification.openLog(log), (thread) => thread.run("vacuum into ?", part))
  )

const verified = (log: string, part: string) =>
  Effect.gen(function* () {
    const report = yield* Verification.verify()
    const [problem] = report.problems
    return problem === undefined
      ? report
      : yield* StoreError.make("Corrupt", `${log}: ${Soundness.describe(problem)}`)
  }).pipe(Effect.provide(SqliteVerification.layer({ filename: part })))

/** The identity of the log in a file; nothing where there is no file, or rubble. What else fails could hide a log. */
const identityOf = (log: string): Effect.Effect<Identity | undefined, StoreError.StoreError> =>
  Effect.gen(function* () {
    if (!(yield* SqliteFiles.exists(log))) return undefined
    const thread = yield* SqliteVerification.openLog(log)
    const [row] = yield* thread.run("select id, epoch from log")
    return { id: String(row?.[0]), epoch: Number(row?.[1]) }
  }).pipe(
    Effect.scoped,
    Effect.catchIf(SqliteFailure.isRubble, () => Effect.succeed(undefined))
  )

const raiseEpoch = (part: string, former: Identity | undefined) =>
  Effect.gen(function* () {
    const thread = yield* SqliteThread.open({ filename: part, readonly: false })
    const [row] = yield* thread.run(
      `update log set epoch = 1 + case when id = ? then max(epoch, ?) else epoch end returning id, epoch`,
      former?.id ?? "",
      former?.epoch ?? 0
    )
    // Nobody who had a lease when the copy was made has one now.
    yield* thread.run("update leases set owner = '', until = 0 where owner <> ''")
    return { id: String(row?.[0]), epoch: Number(row?.[1]) }
  }).pipe(Effect.scoped)

/** A second name first, and only then the new log: if the first name were taken away, a new log would be begun. */
const keep = (log: string) =>
  Effect.gen(function* () {
    if (!(yield* SqliteFiles.exists(log))) return undefined
    const time = new Date(yield* Clock.currentTimeMillis).toISOString().replace(/[-:]/g, "")
    const kept = `${log}.replaced-${time}`
    yield* SqliteFiles.keep(log, kept)
    return kept
  })
