/** The command line of `npm run tour`. */
import { parseArgs } from "node:util"
import type * as Effect from "effect/Effect"
import { read, type UsageError } from "./CommandLine.ts"

/** How the tour is to be shown. */
export type TourFlags = { readonly _tag: "Help" } | { readonly _tag: "Show"; readonly plain: boolean }

/** What `--help` prints. */
export const help = `
Goes through the five stages from one table to a log with a bus, a screen for
each: what it solves, a glimpse of it, and what it costs.

Usage: npm run tour -- [options]

  --plain   prints everything at once; so it does when it is not on a terminal
  --help    this text

Enter goes on, q ends. A screen has 24 lines of 80 characters.
Exit code: 0 when the tour has ended, 2 when a flag is wrong, 1 otherwise.
`.trim()

/** Reads the arguments of a command line. */
export const parse = (args: ReadonlyArray<string>): Effect.Effect<TourFlags, UsageError> =>
  read(() => {
    const { values } = parseArgs({ args: [...args], options })
    return values.help === true ? { _tag: "Help" } : { _tag: "Show", plain: values.plain === true }
  })

// internal

const options = { plain: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const
