/** What is measured. */
import type { Entry } from "./ContenderProcess.ts"
import type { Entrant, Row } from "./Row.ts"
import { commandGrowth } from "./growth/CommandGrowth.ts"
import { logGrowth } from "./growth/LogGrowth.ts"
import { writers } from "./growth/Writers.ts"
import { append } from "./rows/Append.ts"
import { catchUp } from "./rows/CatchUp.ts"
import { command } from "./rows/Command.ts"
import { latency } from "./rows/Latency.ts"
import { load } from "./rows/Load.ts"
import { memory } from "./rows/Memory.ts"
import { read } from "./rows/Read.ts"
import { start } from "./rows/Start.ts"

export const rows: ReadonlyArray<Row> = [
  ...[append, command, read, load, catchUp, latency, start, memory],
  ...[logGrowth, commandGrowth, writers]
]

/** The row of a name. */
export const named = (name: string): Row => {
  const row = rows.find((row) => row.name === name)
  if (row === undefined) throw new Error(`there is no row "${name}"`)
  return row
}

/** Who was entered for a row. */
export const entrant = ({ name, row, setting }: Pick<Entry, "name" | "row" | "setting">): Entrant => {
  const found = named(row).contenders.find((one) => one.name === name && one.settings.includes(setting))
  if (found === undefined) throw new Error(`${name} (${setting}) has no part in "${row}"`)
  return found
}
