/** The process of a contender: prepares, and takes the turns that it is given until nobody gives any more. */
import { mkdirSync } from "node:fs"
import { Absent } from "./Absent.ts"
import type { Contender } from "./Contender.ts"
import type { Entry, Ready, Taken, Turn } from "./ContenderProcess.ts"
import { entrant } from "./Rows.ts"

const entry: Entry = JSON.parse(process.argv[2] ?? "")

// Nobody misses the files.
process.on("disconnect", () => process.exit())

const take = async (contender: Contender, { case: name, runs }: Turn): Promise<Taken> => {
  const before = process.cpuUsage()
  const begin = performance.now()
  const counted = await contender(name, runs)
  const passed = (performance.now() - begin) / 1e3
  const { system, user } = process.cpuUsage(before)
  const memory = process.resourceUsage().maxRSS * 1024
  return { time: counted ?? passed, cpu: (user + system) / 1e6, memory }
}

const open = async (): Promise<Ready> => {
  mkdirSync(entry.directory)
  try {
    const contender = await entrant(entry).open(entry)
    process.on("message", (turn: Turn) => void take(contender, turn).then((taken) => process.send?.(taken)))
    return {}
  } catch (error) {
    if (error instanceof Absent) return { absent: error.message }
    throw error
  }
}

process.send?.(await open())
