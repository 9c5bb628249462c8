/** A patch of a few lines that breaks a promise, and the tests that have to notice. */
import * as fs from "node:fs"
import { basename, join } from "node:path"

/** Where tests are: in a file, and there only those whose full name has a text in it, which may be empty. */
export interface Catcher {
  readonly file: string
  readonly filter: string
}

export interface Mutant {
  readonly name: string
  /** Its number, or its name where it has none. */
  readonly promise: string
  /** What the patch does. */
  readonly title: string
  /** Each of them must notice. */
  readonly catchers: ReadonlyArray<Catcher>
  /** A unified diff against the project. */
  readonly patch: string
}

/** Reads a patch whose first lines are `# promise N: title` and, once or more, `# caught by: file [-t "text"]`. */
export const parse = (name: string, patch: string): Mutant => {
  const [, promise, title] = /^# promise (.+?): (.+)$/m.exec(patch) ?? []
  const catchers = [...patch.matchAll(/^# caught by: (\S+)(?: -t "(.+)")?$/gm)].map(
    ([, file = "", filter = ""]) => ({ file, filter })
  )
  if (promise === undefined || title === undefined || catchers.length === 0) {
    throw new Error(`${name}: the lines "# promise N: …" and "# caught by: …" are missing`)
  }
  return { name, promise, title, catchers, patch }
}

/** All mutants, by their promises. */
export const all = (): ReadonlyArray<Mutant> =>
  fs
    .readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(".patch"))
    .map((file) => parse(basename(file, ".patch"), fs.readFileSync(join(import.meta.dirname, file), "utf8")))
    .sort((a, b) => (`${a.promise} ${a.name}` < `${b.promise} ${b.name}` ? -1 : 1))
