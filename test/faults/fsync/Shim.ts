/** Runs a program with the shim, which writes down what reaches the disk. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { spawn, spawnSync } from "node:child_process"
import * as fs from "node:fs"
import { join } from "node:path"
import * as Bundle from "../Bundle.ts"
import * as ProcessGroup from "../ProcessGroup.ts"

/** Where a program that is run with the shim finds the trace. */
export const traceFd = 3

/** There is no shim here. */
export class NoShim extends Data.TaggedError("NoShim")<{ readonly message: string }> {}

/** The program did not come to its end. */
export class Failed extends Data.TaggedError("Failed")<{ readonly message: string }> {}

/** Compiles the shim, and returns its file. */
export const compile = (folder: string): Effect.Effect<string, NoShim> =>
  Effect.suspend(() => {
    const { platform } = process
    if (platform !== "linux") return new NoShim({ message: `LD_PRELOAD is Linux's, not ${platform}'s` })
    const shim = join(folder, "fsync.so")
    const source = join(import.meta.dirname, "fsync.c")
    const { error, status, stderr } = spawnSync("cc", ["-shared", "-fPIC", "-O2", "-o", shim, source, "-ldl"])
    if (error !== undefined) return new NoShim({ message: "there is no C compiler (cc)" })
    return status === 0 ? Effect.succeed(shim) : Effect.dieMessage(String(stderr))
  })

/** A program, and how many microseconds longer every sync takes. */
export interface Options {
  readonly shim: string
  readonly program: string
  readonly args: ReadonlyArray<string>
  readonly delay: number
}

/** Runs a program to its end, and returns the trace. */
export const run = ({ args, delay, program, shim }: Options): Effect.Effect<string, Failed> =>
  Effect.gen(function* () {
    const file = `${shim}.${traces++}.trace`
    const trace = fs.openSync(file, "a")
    const bundle = yield* Bundle.of(program)
    const child = yield* ProcessGroup.start(() =>
      spawn(process.execPath, [bundle, ...args], {
        detached: true,
        env: {
          ...process.env,
          LD_PRELOAD: shim,
          EVERFOLD_TRACE: String(traceFd),
          EVERFOLD_DELAY: String(delay)
        },
        stdio: ["ignore", "pipe", "pipe", trace]
      })
    )
    const { code, output } = yield* ProcessGroup.ended(child)
    fs.closeSync(trace)
    return code === 0 ? fs.readFileSync(file, "utf8") : yield* new Failed({ message: output })
  }).pipe(Effect.scoped)

let traces = 0
