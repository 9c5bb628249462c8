/** The command line of whoever looks after a log. */
import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import { read, usage, type UsageError } from "./CommandLine.ts"

/** What is to be done with a log. */
export type LogFlags =
  | { readonly _tag: "Help" }
  | { readonly _tag: "Verify"; readonly path: string }
  | { readonly _tag: "Backup"; readonly directory: string; readonly to: string; readonly overwrite: boolean }
  | { readonly _tag: "Restore"; readonly from: string; readonly directory: string; readonly replace: boolean }
  | { readonly _tag: "Import"; readonly from: string; readonly directory: string }

/** How it is called, and whether it can import. */
export interface Setting {
  readonly call: string
  readonly imports: boolean
}

/** What `--help` prints. */
export const help = ({ call, imports }: Setting): string =>
  `
Looks after a log in SQLite: checks it, copies it, ${
    imports
      ? "makes it from a copy, and\nbrings events of an older program into it."
      : "and makes it from a copy."
  }

Usage: ${call} <command>

  verify DIR           checks every event of DIR/log.db, and the file; the log
                       may be in use. A backup is checked by its file name
  backup DIR FILE      copies DIR/log.db into FILE and checks the copy; the log
                       may be in use
    --overwrite        FILE may be there already; it is replaced when the copy
                       is whole
  restore FILE DIR     checks FILE and makes DIR/log.db of it; nobody may have
                       the log open. Rows are built again then
    --replace          DIR/log.db may be there already; it is kept as
                       DIR/log.db.replaced-<time>
${imports ? importing : ""}  --help               this text

The folder must be writable, for SQLite's -shm, even when a log is only read.
Exit code: 0 when all is well, 2 when the command line is wrong, 1 otherwise.
`.trim()

/** Reads the arguments of a command line. */
export const parse = (
  args: ReadonlyArray<string>,
  { imports }: Pick<Setting, "imports">
): Effect.Effect<LogFlags, UsageError> =>
  Effect.gen(function* () {
    const { positionals, values } = yield* read(() =>
      parseArgs({ args: [...args], options, allowPositionals: true })
    )
    const [command = "", first = "", second = "", ...more] = positionals
    const { help, overwrite = false, replace = false } = values
    if (help === true) return { _tag: "Help" }
    if (overwrite && command !== "backup") return yield* usage("--overwrite is for backup")
    if (replace && command !== "restore") return yield* usage("--replace is for restore")
    const given = [first, second, ...more].filter((path) => path.trim() !== "").length
    const commands = `verify, backup${imports ? ", restore or import" : " or restore"}`
    switch (command) {
      case "":
        return yield* usage(`name a command: ${commands}`)
      case "verify":
        return given === 1 ? { _tag: "Verify", path: first } : yield* usage("verify takes DIR")
      case "backup":
        return given === 2
          ? { _tag: "Backup", directory: first, to: second, overwrite }
          : yield* usage("backup takes DIR and FILE")
      case "restore":
        return given === 2
          ? { _tag: "Restore", from: first, directory: second, replace }
          : yield* usage("restore takes FILE and DIR")
      case "import":
        if (!imports) break
        return given === 2
          ? { _tag: "Import", from: first, directory: second }
          : yield* usage("import takes FILE and DIR")
    }
    return yield* usage(`the command is ${commands}, not "${command}"`)
  })

// internal

const importing = `  import FILE DIR      appends the events of FILE, the event_store.db of the
                       Python example, to DIR/log.db, which is made if it is
                       not there; both may be in use. What is there already
                       is not appended again
`

const options = {
  overwrite: { type: "boolean" },
  replace: { type: "boolean" },
  help: { type: "boolean", short: "h" }
} as const
