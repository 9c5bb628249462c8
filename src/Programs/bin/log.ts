/** `npm run log`: checks a log, copies it, makes it from a copy, imports another program's. */
import { stat } from "node:fs/promises"
import { join } from "node:path"
import { Soundness, Verification, type StoreError } from "everfold"
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { Stock } from "../../Domain/Allocation/Stock.ts"
import { Product } from "../../Domain/Catalogue/Product.ts"
import { Reorder } from "../../Domain/Purchasing/Reorder.ts"
import * as LogFlags from "./LogFlags.ts"
import * as Main from "./Main.ts"

/** It was not done, or the log is not sound; and what to do. */
class Failed extends Data.TaggedError("Failed")<{ readonly message: string }> {}

const sqlite = Effect.tryPromise({
  try: () => import("everfold/sqlite"),
  catch: (cause) => new Failed({ message: `the SQLite driver cannot be loaded: ${String(cause)}` })
})

const verify = (path: string) =>
  Effect.gen(function* () {
    const { SqliteVerification } = yield* sqlite
    const filename = (yield* isFile(path)) ? path : join(path, "log.db")
    const report = yield* Verification.verify({ aggregates: [Product, Reorder, Stock] }).pipe(
      Effect.provide(SqliteVerification.layer({ filename })),
      Effect.mapError(failure(advice.Damaged))
    )
    const [problem, ...more] = report.problems
    if (problem === undefined) return yield* Console.log(`${filename} is sound: ${counted(report)}`)
    const others = more.length === 0 ? "" : ` (and ${more.length} more)`
    return yield* new Failed({
      message: `${filename} is not sound: ${Soundness.describe(problem)}${others}; ${advice[problem.reason]}`
    })
  })

const backup = (options: { readonly directory: string; readonly to: string; readonly overwrite: boolean }) =>
  Effect.gen(function* () {
    const { SqliteBackup } = yield* sqlite
    const report = yield* SqliteBackup.backup(options).pipe(
      Effect.mapError(failure(`nothing was copied; npm run log -- verify ${options.directory} tells more`))
    )
    yield* Console.log(`${options.to} is a sound copy of ${options.directory}/log.db: ${counted(report)}`)
  })

const restore = (options: { readonly from: string; readonly directory: string; readonly replace: boolean }) =>
  Effect.gen(function* () {
    const { SqliteBackup } = yield* sqlite
    const { identity, kept, report } = yield* SqliteBackup.restore(options).pipe(
      Effect.mapError(failure("nothing was changed; take another backup"))
    )
    const former = kept === undefined ? "" : ` The log that was there is ${kept}.`
    yield* Console.log(
      `${options.directory}/log.db is restored, epoch ${identity.epoch}: ${counted(report)}.${former}` +
        ` Rows are built again; subscribers with effects wait until somebody resumes them.`
    )
  })

const importFrom = ({ directory, from }: { readonly directory: string; readonly from: string }) =>
  Effect.gen(function* () {
    yield* sqlite
    const { into } = yield* Effect.promise(() => import("./ImportFile.ts"))
    const { read, written } = yield* into(directory, from).pipe(
      Effect.mapError((error) =>
        error._tag === "StoreError"
          ? error.reason === "NotADatabase"
            ? new Failed({ message: `${error.details}; FILE is an event_store.db, DIR the folder of a log` })
            : failure(`npm run log -- verify ${directory} tells more`)(error)
          : new Failed({
              message: `${from}, ${error.message}; the rows before it are in ${directory}/log.db: put it right, and import again`
            })
      )
    )
    yield* Console.log(
      `${from} has ${read} events: ${written} are new in ${directory}/log.db, ${read - written} were there`
    )
  })

/** What to do about a log that is not sound. */
const advice: { readonly [Reason in Soundness.Reason]: string } = {
  Damaged: "keep the file, and restore the newest sound backup: npm run log -- restore FILE DIR --replace",
  Undecodable: "the event is as it was written: run the program that has written it, restore nothing",
  Ahead: "the newest events may be missing: keep the file, and compare it with the newest sound backup",
  Altered: "every event fits its checksum: keep the file, and find out who has changed it"
}

const counted = ({ checkpoints, decoded, events, streams }: Verification.Report): string =>
  `${events} events (${decoded} decoded) in ${streams} streams, ${checkpoints} checkpoints;` +
  " positions, versions, times, commits, checksums, tables and triggers are as they should be"

const isFile = (path: string) =>
  Effect.promise(() =>
    stat(path).then(
      (found) => found.isFile(),
      () => false
    )
  )

/** What to do about an error; the remedy of those that mean damage is given. */
const failure =
  (damaged: string) =>
  ({ details, reason }: StoreError.StoreError) =>
    new Failed({ message: `${details}; ${reason === "Corrupt" ? damaged : (remedies[reason] ?? reason)}` })

const remedies: { readonly [Reason in StoreError.Reason]?: string } = {
  Busy: "stop the programs that use the log, then try again",
  Full: "make space, then try again",
  Invalid: "name another place, or say --overwrite (backup) or --replace (restore)",
  NewerSchema: "use the newer program that has written it",
  NotADatabase: "name the folder of a log, or a file that backup has made",
  ReadOnly: "it needs a folder that may be written",
  Unavailable: "look at the path and who may read it"
}

const log = Effect.gen(function* () {
  const flags = yield* LogFlags.parse(process.argv.slice(2))
  switch (flags._tag) {
    case "Help":
      return yield* Console.log(LogFlags.help)
    case "Verify":
      return yield* verify(flags.path)
    case "Backup":
      return yield* backup(flags)
    case "Restore":
      return yield* restore(flags)
    case "Import":
      return yield* importFrom(flags)
  }
})

Main.run(log, (error) => (error._tag === "UsageError" ? 2 : 1))
