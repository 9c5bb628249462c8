/**
 * A program that works until it is killed: `living.ts <directory> <life> <seed> [<number of a crash point> <n>]`.
 * Prints `ask <id> <command>` before it sends a command, and `answer <id>` when it has the receipt.
 */
import * as Effect from "effect/Effect"
import { writeSync } from "node:fs"
import * as Chance from "../Chance.ts"
import { crashPoints, dieAt } from "./CrashPoint.ts"
import * as Trade from "./Trade.ts"

const [directory = "", life = "", seed, point, nth] = process.argv.slice(2)
const crash = crashPoints[Number(point)]
if (crash !== undefined) dieAt(crash, Number(nth))

const tell = (line: string) => Effect.sync(() => writeSync(1, `${line}\n`))

const client = (name: number) =>
  Effect.gen(function* () {
    for (let n = 1; ; n++) {
      const id = `${life}.${name}.${n}`
      const command = yield* Chance.one(Trade.command)
      yield* tell(`ask ${id} ${yield* Trade.door.encode(command)}`)
      yield* Effect.matchEffect(Trade.send(command, id), {
        onFailure: (error) => (error._tag === "InsufficientFunds" ? Effect.void : Effect.die(error)),
        onSuccess: () => tell(`answer ${id}`)
      })
    }
  })

const clients = Effect.all([1, 2, 3, 4].map(client), { concurrency: "unbounded" })
Effect.runFork(Effect.provide(Chance.seeded(Number(seed), clients), Trade.program(directory)))
