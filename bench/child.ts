/** The process of a contender: prepares, and takes the turns that it is given until nobody gives any more. */
import { mkdirSync } from "node:fs"
import type { Contender } from "./Contender.ts"
import { onCalls } from "./Contender.ts"
import type { Entry, Taken, Turn } from "./ContenderProcess.ts"
import { MemoryStack, SqliteStack } from "./everfold.ts"
import type { RawStore } from "./raw/RawStore.ts"
import * as Stores from "./raw/Stores.ts"
import { named } from "./Rows.ts"

const { directory, name, plan, row: rowName, setting }: Entry = JSON.parse(process.argv[2] ?? "")

// Nobody misses the files.
process.on("disconnect", () => process.exit())

const open = async (): Promise<Contender> => {
  const row = named(rowName)
  const durability = setting === "FULL" ? "FULL" : "NORMAL"
  const raw = (store: RawStore) => onCalls(row.raw(store, plan))
  switch (name) {
    case "bare":
      return raw(Stores.bare(directory, durability))
    case "equal":
      return raw(await Stores.equal(directory, durability))
    case "everfold":
      return row.everfold(
        setting === "memory" ? MemoryStack.layer : SqliteStack.layer({ directory, durability }),
        plan
      )
  }
}

mkdirSync(directory)
const contender = await open()

const take = async ({ case: name, runs }: Turn): Promise<Taken> => {
  const before = process.cpuUsage()
  const begin = performance.now()
  await contender(name, runs)
  const { system, user } = process.cpuUsage(before)
  return { time: (performance.now() - begin) / 1e3, cpu: (user + system) / 1e6 }
}

process.on("message", (turn: Turn) => void take(turn).then((taken) => process.send?.(taken)))
process.send?.({ time: 0, cpu: 0 })
