/** A process that takes a lease and keeps it: `holder.ts <file> <milliseconds>`. Prints its name when it has it. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as ProcessName from "../../../src/Layers/sqlite/ProcessName.ts"
import * as SqliteDatabase from "../../../src/Layers/sqlite/SqliteDatabase.ts"
import * as SqliteLeases from "../../../src/Layers/sqlite/SqliteLeases.ts"
import * as SqliteLog from "../../../src/Layers/sqlite/SqliteLog.ts"

const [filename = "", millis] = process.argv.slice(2)
const { applicationId, migrations } = SqliteLog

const holds = Effect.gen(function* () {
  const database = yield* SqliteDatabase.open({ filename, applicationId, migrations, durability: "NORMAL" })
  const reports = [{ subscriber: "balances", report: "at work" }]
  yield* SqliteLeases.over(database).hold("there", Duration.millis(Number(millis)), reports)
  process.stdout.write(`${ProcessName.own()}\n`)
  yield* Effect.never
})

const alive = setInterval(() => {}, 2 ** 31 - 1)
await Effect.runPromise(Effect.scoped(holds))
clearInterval(alive)
