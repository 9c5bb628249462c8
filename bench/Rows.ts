/** What is measured. */
import type { Row } from "./Row.ts"
import { append } from "./rows/Append.ts"
import { catchUp } from "./rows/CatchUp.ts"
import { command } from "./rows/Command.ts"
import { read } from "./rows/Read.ts"

export const rows: ReadonlyArray<Row> = [append, command, catchUp, read]

/** The row of a name. */
export const named = (name: string): Row => {
  const row = rows.find((row) => row.name === name)
  if (row === undefined) throw new Error(`there is no row "${name}"`)
  return row
}
