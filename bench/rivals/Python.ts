/**
 * The design that everfold grew from, in Python: a commit for each event, in the log and in the read database. Its
 * stream is a product, and its projection two tables of products.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { createInterface } from "node:readline"
import * as FirstCommand from "../FirstCommand.ts"
import type { Open } from "../Row.ts"

/** How many products a case has; each has 20 events. */
const products: Readonly<Record<string, number>> = {
  "20,000 events, 1,000 rows": 1000,
  "2,000 events, 100 rows": 100
}

/** Both tables are built again, in a process for each case. The shorter case is for those who cannot wait. */
export const catchUp: Open = async ({ directory, plan }) => {
  const workers = new Map<string, () => Promise<number>>()
  for (const [name, count] of Object.entries(products)) {
    if (name in plan) workers.set(name, await rebuilder(join(directory, String(count)), count))
  }
  return async (name, runs) => {
    const rebuild = workers.get(name)
    if (rebuild === undefined) throw new Error(`nobody does "${name}"`)
    let seconds = 0
    for (let run = 0; run < runs; run += 1) seconds += await rebuild()
    return seconds
  }
}

/** A command and its projection, in an empty folder each time. */
export const start: Open<"the first command"> = ({ directory }) => {
  let starts = 0
  return Promise.resolve(async (_, runs) => {
    let seconds = 0
    for (let run = 0; run < runs; run += 1) {
      seconds += await FirstCommand.seconds("python3", [script, join(directory, String(starts++)), "--first"])
    }
    return seconds
  })
}

// internal

interface Rebuilt {
  readonly seconds: number
  readonly stock: number
}

const script = join(import.meta.dirname, "..", "seeds.py")

/** A process that has written the events, and rebuilds when it is asked to; returns the seconds. */
const rebuilder = async (directory: string, count: number): Promise<() => Promise<number>> => {
  const child = spawn("python3", [script, directory, "--serve", String(count), "20"], {
    stdio: ["pipe", "pipe", "inherit"]
  })
  await once(child, "spawn")
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async () => {
    const { done, value } = await lines.next()
    if (done) throw new Error("python3 has ended")
    return value
  }
  await answer()
  return async () => {
    child.stdin.write("again\n")
    const { seconds, stock }: Rebuilt = JSON.parse(await answer())
    // The last event of a product says 19.
    if (stock !== count * 19) throw new Error(`there are ${stock} in stock, not ${count * 19}`)
    return seconds
  }
}
