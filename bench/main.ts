/** `npm run bench`. */
import { writeFile } from "node:fs/promises"
import { arch, cpus, platform } from "node:os"
import * as Contest from "./Contest.ts"
import * as Figures from "./Figures.ts"
import * as Flags from "./Flags.ts"
import * as Table from "./Table.ts"

const main = async ({ effort, help, json, rows }: Flags.Flags) => {
  if (help) return console.log(Flags.help)
  const figures: Array<Figures.Figures> = []
  for (const row of rows) {
    const ofRow = Figures.from(await Contest.measure(row, effort))
    console.log(Table.print(ofRow))
    figures.push(...ofRow)
  }
  if (json === undefined) return
  const machine = {
    node: process.version,
    platform: platform(),
    arch: arch(),
    cpu: cpus()[0]?.model,
    cpus: cpus().length
  }
  await writeFile(json, `${JSON.stringify({ machine, effort, figures }, undefined, 2)}\n`)
}

const flags = () => {
  try {
    return Flags.parse(process.argv.slice(2))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return process.exit(2)
  }
}

await main(flags())
