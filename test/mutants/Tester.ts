/** A copy of the project with a vitest that stays: it starts once, and runs a file again when the copy has changed. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import { fork, type ChildProcess } from "node:child_process"
import { join } from "node:path"
import * as ProcessGroup from "../faults/ProcessGroup.ts"
import * as Copy from "./Copy.ts"

/** Somebody who tests a copy. */
export interface Tester {
  readonly folder: string
  readonly process: ChildProcess
  readonly end: Fiber.Fiber<ProcessGroup.End>
}

/** What is to be run. */
export interface Request {
  readonly file: string
  /** Only tests whose full name has one of these in it. */
  readonly filters: ReadonlyArray<string>
  /** The files that are not as they were, and will not stay as they are. */
  readonly changed: ReadonlyArray<string>
}

/** A test that ran. */
export interface Test {
  /** With the names of what it is in, as `-t` sees it. */
  readonly name: string
  /** Its own name alone. */
  readonly title: string
  readonly passed: boolean
  /** Why it failed. */
  readonly message: string
}

/** What ran, and what could not be run. */
export interface Results {
  readonly tests: ReadonlyArray<Test>
  readonly broken: ReadonlyArray<string>
}

/** A tester with a copy of its own; both are gone when the scope closes. */
export const make: Effect.Effect<Tester, never, Scope.Scope> = Effect.gen(function* () {
  const folder = yield* Copy.make
  const process = yield* ProcessGroup.start(() =>
    fork(join(import.meta.dirname, "testing.ts"), [folder], {
      cwd: folder,
      detached: true,
      execArgv: ["--import", "tsx"],
      stdio: ["ignore", "pipe", "pipe", "ipc"]
    })
  )
  return { folder, process, end: yield* Effect.forkScoped(ProcessGroup.ended(process)) }
})

/** Runs tests of a file. A tester that dies has found nothing. */
export const run = ({ end, process }: Tester, request: Request): Effect.Effect<Results> =>
  Effect.raceFirst(
    Effect.async<Results>((resume) => {
      // Sent by a process of ours.
      process.once("message", (results) => resume(Effect.succeed(results as Results)))
      process.send(request)
    }),
    Effect.map(Fiber.join(end), ({ code, output, signal }) => ({
      tests: [],
      broken: [`vitest ended with ${signal ?? `code ${code}`}\n${output}`]
    }))
  )
