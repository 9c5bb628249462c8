/** Checks a log, copies it, makes it from a copy. */
import { stat } from "node:fs/promises"
import { join } from "node:path"
import { type Aggregate, Soundness, Verification } from "everfold"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import type { Remedies } from "./Advice.ts"
import { Failed, failed, sqlite } from "./Advice.ts"
import { usage, type UsageError } from "./CommandLine.ts"
import * as LogFlags from "./LogFlags.ts"

/** Where it is called, and what is known there. */
export interface Setting {
  /** What stands before the command, in advice. */
  readonly call: string
  /** Whose events are decoded; of all others everything else is checked. */
  readonly aggregates?: ReadonlyArray<Aggregate.Any>
  /** Brings in the events of another program. */
  readonly importFrom?: (files: {
    readonly directory: string
    readonly from: string
  }) => Effect.Effect<void, Failed>
}

/** Does what a command line says. */
export const run = (
  args: ReadonlyArray<string>,
  setting: Setting
): Effect.Effect<void, Failed | UsageError> =>
  Effect.gen(function* () {
    const { call, importFrom } = setting
    const imports = importFrom !== undefined
    const flags = yield* LogFlags.parse(args, { imports })
    switch (flags._tag) {
      case "Help":
        return yield* Console.log(LogFlags.help({ call, imports }))
      case "Verify":
        return yield* verify(flags.path, setting)
      case "Backup":
        return yield* backup(flags, setting)
      case "Restore":
        return yield* restore(flags)
      case "Import":
        return yield* importFrom?.(flags) ?? usage("nothing is imported here")
    }
  })

// internal

const verify = (path: string, { aggregates = [], call }: Setting) =>
  Effect.gen(function* () {
    const { SqliteVerification } = yield* sqlite
    const advice = advices(call)
    const filename = (yield* isFile(path)) ? path : join(path, "log.db")
    const report = yield* Verification.verify({ aggregates }).pipe(
      Effect.provide(SqliteVerification.layer({ filename })),
      Effect.mapError(failed({ Corrupt: advice.Damaged }))
    )
    const [problem, ...more] = report.problems
    if (problem === undefined) return yield* Console.log(`${filename} is sound: ${counted(report)}`)
    const others = more.length === 0 ? "" : ` (and ${more.length} more)`
    return yield* new Failed({
      message: `${filename} is not sound: ${Soundness.describe(problem)}${others}; ${advice[problem.reason]}`
    })
  })

const backup = (
  options: { readonly directory: string; readonly to: string; readonly overwrite: boolean },
  { call }: Setting
) =>
  Effect.gen(function* () {
    const { SqliteBackup } = yield* sqlite
    const remedies: Remedies = {
      Corrupt: `nothing was copied; ${call} verify ${options.directory} tells more`,
      Invalid: "name another place, or say --overwrite"
    }
    const report = yield* Effect.mapError(SqliteBackup.backup(options), failed(remedies))
    yield* Console.log(`${options.to} is a sound copy of ${options.directory}/log.db: ${counted(report)}`)
  })

const restore = (options: { readonly from: string; readonly directory: string; readonly replace: boolean }) =>
  Effect.gen(function* () {
    const { SqliteBackup } = yield* sqlite
    const remedies: Remedies = {
      Corrupt: "nothing was changed; take another backup",
      Invalid: "name another place, or say --replace"
    }
    const { identity, kept, report } = yield* Effect.mapError(SqliteBackup.restore(options), failed(remedies))
    const former = kept === undefined ? "" : ` The log that was there is ${kept}.`
    yield* Console.log(
      `${options.directory}/log.db is restored, epoch ${identity.epoch}: ${counted(report)}.${former}` +
        ` Rows are built again; subscribers with effects wait until somebody resumes them.`
    )
  })

/** What to do about a log that is not sound. */
const advices = (call: string): { readonly [Reason in Soundness.Reason]: string } => ({
  Damaged: `keep the file, and restore the newest sound backup: ${call} restore FILE DIR --replace`,
  Undecodable: "the event is as it was written: run the program that has written it, restore nothing",
  Ahead: "the newest events may be missing: keep the file, and compare it with the newest sound backup",
  Altered: "every event fits its checksum: keep the file, and find out who has changed it"
})

const counted = ({ checkpoints, decoded, events, streams }: Verification.Report): string =>
  `${events} events${decoded === 0 ? "" : ` (${decoded} decoded)`} in ${streams} streams, ` +
  `${checkpoints} checkpoints; positions, versions, times, commits, checksums, tables and triggers are as they should be`

const isFile = (path: string) =>
  Effect.promise(() =>
    stat(path).then(
      (found) => found.isFile(),
      () => false
    )
  )
