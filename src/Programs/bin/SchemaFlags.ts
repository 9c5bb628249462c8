/** The command line of `npm run schema:check`. */
import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import { read, type UsageError } from "./CommandLine.ts"

/** What is to be done with the lock. */
export type SchemaFlags = { readonly _tag: "Help" } | { readonly _tag: "Check"; readonly update: boolean }

/** What `--help` prints. */
export const help = `
Checks that events which are stored already can be read by this code: compares
its shapes with schema.lock.json, and with that file in the last tag that has it.

Usage: npm run schema:check [-- --update]

  --update   writes schema.lock.json, unless a released event is broken: then
             the event needs another revision, see CONTRIBUTING.md
  --help     this text

Exit code: 0 when all is well, 2 when the command line is wrong, 1 otherwise.
`.trim()

/** Reads the arguments of a command line. */
export const parse = (args: ReadonlyArray<string>): Effect.Effect<SchemaFlags, UsageError> =>
  Effect.gen(function* () {
    const { values } = yield* read(() => parseArgs({ args: [...args], options }))
    return values.help === true ? { _tag: "Help" } : { _tag: "Check", update: values.update === true }
  })

// internal

const options = {
  update: { type: "boolean" },
  help: { type: "boolean", short: "h" }
} as const
