/** Runs test files of a copy of the project. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { spawn } from "node:child_process"
import * as fs from "node:fs"
import { join, relative } from "node:path"
import * as ProcessGroup from "../faults/ProcessGroup.ts"

/** A test that ran. */
export interface Test {
  readonly file: string
  /** With the names of what it is in, as `-t` sees it. */
  readonly name: string
  /** Its own name alone. */
  readonly title: string
  readonly passed: boolean
  /** Why it failed. */
  readonly message: string
}

/** What ran, and which files could not be run. */
export interface Results {
  readonly tests: ReadonlyArray<Test>
  readonly broken: ReadonlyArray<string>
}

/** Runs the tests of files whose full name has one of the filters in it, if there are any. */
export const run = (
  folder: string,
  files: ReadonlyArray<string>,
  { bail, filters }: { readonly filters: ReadonlyArray<string>; readonly bail: boolean }
): Effect.Effect<Results> =>
  Effect.gen(function* () {
    const report = join(folder, "vitest.json")
    const args = [
      ...["run", ...files, "--no-cache", "--reporter=json", `--outputFile=${report}`],
      ...["--poolOptions.forks.maxForks=1", "--poolOptions.forks.minForks=1"],
      ...["--testTimeout=20000", "--hookTimeout=5000", "--teardownTimeout=5000"],
      ...(bail ? ["--bail=1"] : []),
      ...(filters.length === 0 ? [] : ["-t", filters.map(literal).join("|")])
    ]
    fs.rmSync(report, { force: true })
    const vitest = join(folder, "node_modules", "vitest", "vitest.mjs")
    const { output } = yield* ProcessGroup.start(() =>
      spawn(process.execPath, [vitest, ...args], {
        cwd: folder,
        detached: true,
        stdio: ["ignore", "pipe", "pipe"]
      })
    ).pipe(Effect.flatMap(ProcessGroup.ended))
    if (!fs.existsSync(report)) return { tests: [], broken: [output] }
    const { testResults } = yield* Effect.orDie(decode(fs.readFileSync(report, "utf8")))
    return {
      tests: testResults.flatMap((file) =>
        file.assertionResults.flatMap(toTest(relative(folder, file.name)))
      ),
      broken: testResults.flatMap(({ message }) => (message === "" ? [] : [message]))
    }
  }).pipe(Effect.scoped)

// internal

const Result = Schema.Struct({
  fullName: Schema.String,
  title: Schema.String,
  status: Schema.String,
  failureMessages: Schema.Array(Schema.String)
})

const Report = Schema.Struct({
  testResults: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      message: Schema.String,
      assertionResults: Schema.Array(Result)
    })
  )
})

const decode = Schema.decode(Schema.parseJson(Report))

const toTest =
  (file: string) =>
  ({ failureMessages, fullName, status, title }: typeof Result.Type): ReadonlyArray<Test> =>
    status === "passed" || status === "failed"
      ? [
          {
            file,
            name: fullName,
            title,
            passed: status === "passed",
            message: failureMessages.join("\n")
          }
        ]
      : []

/** `-t` takes a pattern. */
const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
