/**
 * One of several processes on one log: `contestant.ts <folder> <name> <commits>`. Prints `ready`, begins when stdin
 * ends, and prints what it has met.
 */
import { CommandHandler, Commit, Projector, Subscriptions } from "everfold"
import { SqliteStack } from "everfold/sqlite"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { text } from "node:stream/consumers"
import * as Driver from "../Driver.ts"
import * as Contest from "./Contest.ts"

const [directory = "", name = "", commits] = process.argv.slice(2)

let turns = 0
let [busy, busyAt, inOneTurn, longest] = [0, -1, 0, 0]
const turning = () => {
  turns += 1
  setImmediate(turning)
}

Driver.around(({ file, sql }, run) => {
  try {
    return run()
  } catch (cause) {
    if (sql.startsWith("BEGIN") && file === "log.db") {
      busy += 1
      inOneTurn = busyAt === turns ? inOneTurn + 1 : 1
      longest = Math.max(longest, inOneTurn)
      busyAt = turns
    }
    throw cause
  }
})

let sentAgain = 0
const errors: Array<string> = []

const step = (n: number) => {
  const command = Contest.Step.make({ track: Contest.trackOf(name, n), by: name })
  return CommandHandler.handle(Contest.Track, command, { commandId: `${name}-${n}` }).pipe(
    Effect.tapError((error) =>
      Effect.sync(() => void (sentAgain += error instanceof Commit.VersionConflict ? 1 : 0))
    ),
    Effect.retry({ while: (error) => error instanceof Commit.VersionConflict }),
    Effect.catchAll((error) => Effect.sync(() => errors.push(error.message)))
  )
}

const program = Effect.gen(function* () {
  process.stdout.write("ready\n")
  yield* Effect.promise(() => text(process.stdin))
  turning()
  for (let n = 1; n <= Number(commits); n++) yield* step(n)
  const met = {
    sentAgain,
    busy,
    longest,
    turns,
    errors,
    decidedAgain: Contest.decided.count - Number(commits)
  }
  yield* Subscriptions.settled
  process.stdout.write(`${JSON.stringify(met)}\n`)
})

await Effect.runPromise(
  Effect.provide(
    program,
    Projector.layer(Contest.Tracks).pipe(Layer.provideMerge(SqliteStack.layer({ directory })))
  )
)
process.exit(0)
