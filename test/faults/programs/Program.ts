/** A program in a process of its own: what it has told, what it is told, and the signals that it gets. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { spawn } from "node:child_process"
import { join } from "node:path"
import { createInterface } from "node:readline"
import * as Bundle from "../Bundle.ts"
import * as ProcessGroup from "../ProcessGroup.ts"
import * as Looks from "./Looks.ts"

/** A process that runs, or has run. */
export interface Program {
  readonly name: string
  /** What it has told, word by word. */
  readonly told: ReadonlyArray<ReadonlyArray<string>>
  /** What each of its subscribers is doing, as far as it has told. */
  readonly statuses: ReadonlyMap<string, string>
  readonly tell: (...words: ReadonlyArray<string | number>) => Effect.Effect<void>
  readonly signal: (signal: NodeJS.Signals) => Effect.Effect<void>
  /** How it ended, if it does in the time that anybody would wait. */
  readonly end: Effect.Effect<ProcessGroup.End, Looks.Awaited>
  /** What it has complained about. */
  readonly complaints: () => string
}

/** Starts a file of this folder's neighbours; returns when it is ready. */
export const start = (
  file: string,
  name: string,
  ...args: ReadonlyArray<string | number>
): Effect.Effect<Program, Looks.Awaited, Scope.Scope> =>
  Effect.gen(function* () {
    const program = yield* Bundle.of(join(import.meta.dirname, "..", file))
    // In the group of whoever tries the fault: it goes when that one goes, also when it stands still.
    const child = yield* Effect.acquireRelease(
      Effect.sync(() =>
        spawn(process.execPath, [program, ...args.map(String)], { stdio: ["pipe", "pipe", "pipe"] })
      ),
      (child) => Effect.sync(() => child.kill("SIGKILL"))
    )
    const told: Array<ReadonlyArray<string>> = []
    const statuses = new Map<string, string>()
    let complaints = ""
    child.stdin.on("error", () => {})
    child.stderr.on("data", (text: Buffer) => (complaints += text.toString()))
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [word = "", subject = "", status = ""] = line.split(" ")
      told.push(line.split(" "))
      if (word === "is") statuses.set(subject, status)
    })
    // Listens from the start, because it may end before it is waited for.
    const ended = Effect.runPromise(ProcessGroup.ended(child))
    const over = () => child.exitCode !== null || child.signalCode !== null
    yield* Looks.until(`${name} is ready`, () => over() || told.some(([word]) => word === "ready"))
    if (over()) return yield* new Looks.Awaited({ message: `${name} could not begin: ${complaints}` })
    return {
      name,
      told,
      statuses,
      tell: (...words) => Effect.sync(() => void child.stdin.write(`${words.join(" ")}\n`)),
      signal: (signal) => Effect.sync(() => void child.kill(signal)),
      end: Effect.timeoutFail(
        Effect.promise(() => ended),
        { duration: "30 seconds", onTimeout: () => new Looks.Awaited({ message: `${name} does not end` }) }
      ),
      complaints: () => complaints
    }
  })

/** How often a program has told something. */
export const times = ({ told }: Program, word: string): number =>
  told.filter(([first]) => first === word).length

/** How many subscribers of a program are doing this. */
export const are = ({ statuses }: Program, status: string): number =>
  [...statuses.values()].filter((one) => one === status).length

/** What a program is doing, for whoever wonders. */
export const shown = ({ complaints, name, statuses }: Program): string =>
  `${name} (${[...statuses].map(([subscriber, status]) => `${subscriber} ${status}`).join(", ")}) ${complaints()}`
