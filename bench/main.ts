/** `npm run bench`. */
import { writeFile } from "node:fs/promises"
import * as Bench from "./Bench.ts"
import type { Result } from "./Contest.ts"
import * as Figures from "./Figures.ts"
import * as Flags from "./Flags.ts"
import { goals } from "./Goals.ts"
import * as Verdict from "./growth/Verdict.ts"
import * as Machine from "./Machine.ts"
import * as Reach from "./Reach.ts"
import * as ReachTable from "./ReachTable.ts"
import * as Table from "./Table.ts"

const tell = ({ absences, scores }: Result) => {
  for (const absence of absences) console.log(Table.printAbsence(absence))
  console.log(Table.print(Figures.from(scores)))
}

const main = async ({ effort, help, json, rows }: Flags.Flags) => {
  if (help) return console.log(Flags.help)
  const result = await Bench.measure(rows, effort, tell)
  const asked = goals.filter(({ score }) => rows.some(({ name }) => name === score.row))
  const { absences, scores } = result
  const figures = Figures.from(scores)
  const verdicts = Verdict.of(figures)
  if (verdicts.length > 0) console.log(`what a longer log costs\n${Verdict.print(verdicts)}\n`)
  console.log(ReachTable.print(Reach.outcomes(asked, result)))
  if (json === undefined) return
  const report = { machine: Machine.here(), effort, figures, absences }
  await writeFile(json, `${JSON.stringify(report, rounded, 2)}\n`)
}

/** More digits than anybody believes. */
const rounded = (_: string, value: unknown) =>
  typeof value === "number" ? Number(value.toPrecision(4)) : value

const flags = () => {
  try {
    return Flags.parse(process.argv.slice(2))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return process.exit(2)
  }
}

await main(flags())
