/** The flags of the demo. */
import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import { read, usage, type UsageError } from "./CommandLine.ts"
import type { Choice } from "./Store.ts"
import type { Story } from "./Stories.ts"
import { stories } from "./Stories.ts"

/** What the demo was asked to do. */
export type Flags =
  { readonly _tag: "Help" } | { readonly _tag: "Tell"; readonly story: string; readonly choice: Choice }

/** What `--help` prints. */
export const help = `
Stories about systems that keep events: commands, events, rows, and those who
react. \`npm run tour\` goes through the five stages, a screen for each.

Usage: npm run demo -- [STORY] [options]

${[...stories].map(([name, { about }]) => `  ${name.padEnd(17)}${about}`).join("\n")}

  --store sqlite   two SQLite files, log.db and read.db (default)
  --store memory   nothing is kept; needs no native driver
  --data DIR       where the files are; made if it is not there. A second run of
                   the catalogue goes on from them; the other stories need a
                   folder of their own. Default: a new temporary folder
  --help           this text

Exit code: 0 when the story was told, 2 when a flag is wrong, 1 otherwise.
Colours: on a terminal only, and not when NO_COLOR is set.
`.trim()

/** Reads the arguments of a command line. */
export const parse = (args: ReadonlyArray<string>): Effect.Effect<Flags, UsageError> =>
  Effect.gen(function* () {
    const { positionals, values } = yield* read(() =>
      parseArgs({ args: [...args], options, allowPositionals: true })
    )
    if (values.help === true) return { _tag: "Help" }
    const [name = "catalogue", ...more] = positionals
    const story = stories.get(name)
    if (story === undefined) return yield* usage(`there is no story "${name}"`)
    if (more.length > 0) return yield* usage("one story at a time")
    return { _tag: "Tell", story: name, choice: yield* choose(name, story, values) }
  })

// internal

const options = {
  store: { type: "string", default: "sqlite" },
  data: { type: "string" },
  help: { type: "boolean", short: "h" }
} as const

const choose = (
  name: string,
  { stores }: Story,
  { data, store }: { readonly data?: string | undefined; readonly store: string }
): Effect.Effect<Choice, UsageError> => {
  if (data?.trim() === "") return usage("--data needs the name of a folder")
  if (store !== "sqlite" && store !== "memory") return usage(`--store is sqlite or memory, not "${store}"`)
  if (!stores.includes(store)) return usage(`"${name}" cannot be told with --store ${store}`)
  if (store === "sqlite") return Effect.succeed({ _tag: "Sqlite", directory: data })
  return data === undefined
    ? Effect.succeed({ _tag: "Memory" })
    : usage("--data has no meaning with --store memory")
}
