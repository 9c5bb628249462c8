/** `npm run bench:guard`: fails when a quick run is much slower than the committed ratios say; `--update` writes them. */
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { parseArgs } from "node:util"
import * as Bench from "./Bench.ts"
import * as Comparison from "./Comparison.ts"
import { goals } from "./Goals.ts"
import * as Quick from "./Quick.ts"
import * as Ratios from "./Ratios.ts"
import * as Reach from "./Reach.ts"
import { rows } from "./Rows.ts"
import * as Table from "./Table.ts"

const file = join(import.meta.dirname, "ratios.json")

const { update } = parseArgs({ options: { update: { type: "boolean", default: false } } }).values
const result = await Bench.measure(Quick.rowsOf(rows), Quick.effort, () => undefined)
const outcomes = Reach.outcomes(goals, result)
for (const absence of result.absences) console.log(Table.printAbsence(absence))

if (update) {
  await writeFile(file, `${JSON.stringify(Ratios.of(outcomes), undefined, 2)}\n`)
} else {
  const committed: Ratios.Ratios = JSON.parse(await readFile(file, "utf8"))
  const comparisons = Comparison.compare(committed, outcomes)
  console.log(Comparison.print(comparisons))
  if (comparisons.some(Comparison.isLost)) process.exitCode = 1
}
