import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { execFile } from "node:child_process"
import * as fs from "node:fs"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { promisify } from "node:util"
import { folder } from "../Stacks.ts"
import { files, logFolder, problems } from "./copies.ts"

const root = resolve(import.meta.dirname, "../../..")
const run = (command: string, args: ReadonlyArray<string>, cwd: string) =>
  Effect.promise(() => promisify(execFile)(command, args, { cwd }))

/** The package as it is built, and a program of plain Node beside it, which can resolve what is installed here. */
const built = Effect.gen(function* () {
  const place = yield* folder
  const tsc = join(root, "node_modules/typescript/bin/tsc")
  // The types are checked elsewhere.
  const options = ["-p", "tsconfig.build.json", "--noCheck", "--outDir", join(place, "dist")]
  yield* run(process.execPath, [tsc, ...options], root)
  fs.symlinkSync(join(root, "node_modules"), join(place, "node_modules"), "dir")
  fs.writeFileSync(join(place, "package.json"), '{ "type": "module" }')
  return place
})

it.scopedLive(
  "the built package verifies, backs up and restores in plain Node, its thread included",
  () =>
    Effect.gen(function* () {
      const place = yield* built
      const directory = yield* logFolder()
      const door = (name: string) => JSON.stringify(pathToFileURL(join(place, "dist", name)).href)
      const [log, copy, elsewhere] = [directory, join(place, "copy.db"), join(place, "elsewhere")].map(
        (path) => JSON.stringify(path)
      )
      fs.writeFileSync(
        join(place, "program.js"),
        `import { Verification } from ${door("index.js")}
        import { SqliteBackup, SqliteVerification } from ${door("sqlite.js")}
        import * as Effect from "effect/Effect"
        const program = Effect.gen(function* () {
          yield* SqliteBackup.backup({ directory: ${log}, to: ${copy} })
          yield* SqliteBackup.restore({ from: ${copy}, directory: ${elsewhere} })
          return yield* Verification.verify()
        })
        const filename = ${elsewhere} + "/log.db"
        const report = await Effect.runPromise(Effect.provide(program, SqliteVerification.layer({ filename })))
        console.log(JSON.stringify(report))`
      )
      const { stderr, stdout } = yield* run(process.execPath, [join(place, "program.js")], "/")
      expect(stderr).toBe("")
      expect(JSON.parse(stdout)).toMatchObject({ events: 12, problems: [] })
      expect(yield* problems(join(place, "copy.db"))).toEqual([])
      expect(files(join(place, "elsewhere"))).toEqual(expect.arrayContaining(["log.db"]))
    }),
  180_000
)
