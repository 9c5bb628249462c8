/** The flags of the demo. */
import { parseArgs } from "node:util"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/** What the demo was asked to do. */
export type Flags =
  | { readonly _tag: "Help" }
  | { readonly _tag: "Memory" }
  | { readonly _tag: "Sqlite"; readonly directory: string | undefined }

/** The command line makes no sense. */
export class UsageError extends Data.TaggedError("UsageError")<{ readonly message: string }> {}

/** What `--help` prints. */
export const help = `
The story of a product catalogue, event-sourced: commands, events, rows, and
those who react.

Usage: npm run demo -- [options]

  --store sqlite   two SQLite files, log.db and read.db (default)
  --store memory   nothing is kept; needs no native driver
  --data DIR       where the files are; made if it is not there. A second run
                   goes on from them. Default: a new folder for temporary files
  --help           this text

Exit code: 0 when the story was told, 2 when a flag is wrong, 1 otherwise.
Colours: on a terminal only, and not when NO_COLOR is set.
`.trim()

/** Reads the arguments of a command line. */
export const parse = (args: ReadonlyArray<string>): Effect.Effect<Flags, UsageError> =>
  Effect.gen(function* () {
    const { data, help, store } = yield* Effect.try({
      try: () => parseArgs({ args: [...args], options }).values,
      catch: (error) => usage(firstSentence(String(error instanceof Error ? error.message : error)))
    })
    if (help === true) return { _tag: "Help" }
    if (data?.trim() === "") return yield* usage("--data needs the name of a folder")
    if (store === "sqlite") return { _tag: "Sqlite", directory: data }
    if (store !== "memory") return yield* usage(`--store is sqlite or memory, not "${store}"`)
    return data === undefined ? { _tag: "Memory" } : yield* usage("--data has no meaning with --store memory")
  })

// internal

const options = {
  store: { type: "string", default: "sqlite" },
  data: { type: "string" },
  help: { type: "boolean", short: "h" }
} as const

const usage = (message: string) => new UsageError({ message: `${message}; --help tells more` })

const firstSentence = (text: string) => text.split(". ", 1).join("").replace(/\.$/, "")
