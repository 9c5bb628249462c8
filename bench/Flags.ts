/** The flags of the bench. */
import { parseArgs } from "node:util"
import type { Effort } from "./Contest.ts"
import * as Quick from "./Quick.ts"
import type { Row } from "./Row.ts"
import { named, rows } from "./Rows.ts"

/** What is to be measured, how long, and where the figures go. */
export interface Flags {
  readonly help: boolean
  readonly rows: ReadonlyArray<Row>
  readonly effort: Effort
  readonly json: string | undefined
}

/** What `--help` prints. */
export const help = `
Measures everfold, SQL written by hand for the same work, and others who do it.

Usage: npm run bench -- [options]

  --rows NAMES   these rows, separated by commas: ${rows.map(({ name }) => name).join(", ")}
  --quick        a glance at what the goals compare, in about a minute
  --json FILE    the figures of every round, too
  --help         this text

The files lie in the system's folder for temporary files; TMPDIR names another.
`.trim()

/** Reads the arguments of a command line; throws when they make no sense. */
export const parse = (args: ReadonlyArray<string>): Flags => {
  const { values } = parseArgs({ args: [...args], options })
  const asked = values.rows?.split(",").map((name) => named(name.trim()))
  return {
    help: values.help,
    rows: values.quick ? Quick.rowsOf(asked ?? rows) : (asked ?? rows),
    effort: values.quick ? Quick.effort : full,
    json: values.json
  }
}

// internal

const full: Effort = { warmup: 3, rounds: 9, share: 1 }

const options = {
  rows: { type: "string" },
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  help: { type: "boolean", short: "h", default: false }
} as const
