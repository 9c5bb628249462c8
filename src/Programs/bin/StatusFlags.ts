/** The command line of whoever wants to see what subscribers are doing. */
import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import { read, usage, type UsageError } from "./CommandLine.ts"

/** What is to be shown, or left out from now on. */
export type StatusFlags =
  | { readonly _tag: "Help" }
  | { readonly _tag: "Show"; readonly directory: string; readonly json: boolean }
  | { readonly _tag: "Forget"; readonly directory: string; readonly name: string }

/** What `--help` prints, to whoever calls it so. */
export const help = (call: string): string =>
  `
Shows what the subscribers of a program are doing, running or not.

Usage: ${call} DIR [options]

  DIR             where log.db is; it is only read, and the program goes on.
                  The folder must be writable, for SQLite's -shm
  --json          a line of JSON for each subscriber
  --forget NAME   takes a subscriber off the list that no program has any more.
                  Its checkpoint stays: when it runs again, it goes on there
  --help          this text

The position and the lag are those of this moment; the rest is what whoever runs
the subscriber has reported last, a few seconds ago at most. When nobody runs it,
it is not running, whatever was reported.

Exit code: 0 when nothing has halted, 3 when something has, or had when it was
run last, 2 when the command line is wrong, 1 when the files cannot be read.
`.trim()

/** Reads the arguments of a command line. */
export const parse = (args: ReadonlyArray<string>): Effect.Effect<StatusFlags, UsageError> =>
  Effect.gen(function* () {
    const { positionals, values } = yield* read(() =>
      parseArgs({ args: [...args], options, allowPositionals: true })
    )
    if (values.help === true) return { _tag: "Help" }
    const [directory = "", ...more] = positionals
    const { forget: name, json = false } = values
    if (directory.trim() === "" || more.length > 0) return yield* usage("status takes DIR")
    if (name === undefined) return { _tag: "Show", directory, json }
    return json ? yield* usage("--json shows, --forget does not") : { _tag: "Forget", directory, name }
  })

// internal

const options = {
  forget: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" }
} as const
