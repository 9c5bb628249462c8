/**
 * A program that works until it is told to end, as any program of the kit would: `working.ts <folder> <name> <lease>`.
 * It tells `ready`, what its subscribers are doing, `look <owner>` whenever it asks for leases, and does what it is told:
 * `send <count> <seed>`, or `freeze <file>`: to stand still inside its next transaction there, from `freezing` on.
 */
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { writeSync } from "node:fs"
import * as Main from "../../../src/Programs/bin/Main.ts"
import * as Driver from "../Driver.ts"
import * as Business from "./Business.ts"
import * as Load from "./Load.ts"
import * as Talk from "./Talk.ts"

class Failed extends Data.TaggedError("Failed")<{ readonly message: string }> {}

const [directory = "", name = "", lease] = process.argv.slice(2)

let frozen: string | undefined
Driver.around(({ file, params: [owner] = [], sql }, run) => {
  if (sql.startsWith("insert into leases")) writeSync(1, `look ${String(owner)}\n`)
  if (file === frozen && sql === "COMMIT") {
    frozen = undefined
    writeSync(1, "frozen\n")
    process.kill(process.pid, "SIGSTOP")
  }
  return run()
})

const told = ([word, first = "", second]: ReadonlyArray<string>) =>
  word === "send"
    ? Effect.forkScoped(Load.send(name, Number(first), Number(second)))
    : Effect.suspend(() => {
        frozen = first
        return Talk.tell("freezing")
      })

const program = Effect.gen(function* () {
  yield* Talk.statuses
  yield* Talk.tell("ready")
  yield* Stream.runForEach(Talk.lines, told)
}).pipe(
  Effect.scoped,
  Effect.provide(
    Business.subscribers(directory).pipe(
      Layer.provideMerge(Business.stack({ directory, lease: Duration.millis(Number(lease)) }))
    )
  ),
  Effect.mapError((error) => new Failed({ message: String(error) }))
)

Main.run(program, () => 1)
