/** A fault in a process of its own: whatever it does, it ends, and an outcome comes back. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { fork, type ChildProcess } from "node:child_process"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Outcome, type Fault, type Schedule } from "./Fault.ts"
import * as Bundle from "./Bundle.ts"
import * as ProcessGroup from "./ProcessGroup.ts"

/** Where the faults are, and how long one may take. */
export interface Options {
  /** The URL of a module that exports `faults`. */
  readonly module: string
  readonly limit: Duration.Duration
}

/** Tries a fault. A process that dies or does not end has violated something, and so has one that did nothing. */
export const run = (
  { name }: Fault,
  schedule: Schedule,
  { limit, module }: Options
): Effect.Effect<Outcome> => {
  const violated = (violation: string): Outcome => ({ runs: schedule.runs, violations: [violation] })
  return Effect.flatMap(programOf(module), (program) =>
    ProcessGroup.start(() => child(program, name, schedule))
  ).pipe(
    Effect.flatMap((process) =>
      Effect.raceFirst(
        sent(process),
        Effect.map(ProcessGroup.ended(process), ({ code, output, signal }) =>
          violated(`its process ended with ${signal ?? `code ${code}`}\n${output}`)
        )
      )
    ),
    Effect.scoped,
    Effect.timeoutTo({
      duration: limit,
      onTimeout: () => violated(`hangs: no end after ${Duration.format(limit)}`),
      onSuccess: (outcome) => outcome
    }),
    Effect.map((outcome) =>
      outcome.runs > 0 || outcome.skipped !== undefined ? outcome : violated("did nothing: 0 runs")
    )
  )
}

// internal

const programOf = (module: string) => {
  const main = join(import.meta.dirname, "child.ts")
  const imports = [
    `{ main } from ${JSON.stringify(main)}`,
    `{ faults } from ${JSON.stringify(fileURLToPath(module))}`
  ]
  return Bundle.ofText("child", [...imports.map((one) => `import ${one}`), "await main(faults)"].join("\n"))
}

const child = (program: string, name: string, { runs, seed }: Schedule) =>
  fork(program, [name, String(runs), String(seed)], {
    cwd: join(import.meta.dirname, "..", ".."),
    detached: true,
    execArgv: ["--enable-source-maps"],
    stdio: ["ignore", "pipe", "pipe", "ipc"]
  })

const sent = (process: ChildProcess) =>
  Effect.async<Outcome>((resume) => {
    process.once("message", (outcome) => resume(Effect.orDie(Schema.decodeUnknown(Outcome)(outcome))))
  })
