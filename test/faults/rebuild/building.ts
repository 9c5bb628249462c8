/**
 * A program with one version of the code: `building.ts <folder> <name> <lease> <code> <n>`. It is told `send <count>
 * <seed>`, `fill <count>`, `rebuild` and `prune`, and dies when it moves a position for the n-th time after a build has begun.
 */
import { EventStore, Expected, SubscriptionControl } from "everfold"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Main from "../../../src/Programs/bin/Main.ts"
import * as Driver from "../Driver.ts"
import * as Load from "../programs/Load.ts"
import * as Talk from "../programs/Talk.ts"
import * as Tagged from "./Tagged.ts"

class Failed extends Data.TaggedError("Failed")<{ readonly message: string }> {}

const [directory = "", name = "", lease, code, nth] = process.argv.slice(2)
const projection = Tagged.tagged(Number(code))

let [told, begun, moves] = [false, false, 0]
Driver.around(({ file, sql }, run) => {
  begun ||= told && sql.startsWith("insert into generations")
  const moved = begun && file === "read.db" && sql.startsWith("update generations set position")
  if (moved && ++moves === Number(nth)) process.kill(process.pid, "SIGKILL")
  return run()
})

const rebuild = Effect.gen(function* () {
  told = true
  yield* Talk.tell("rebuilt", yield* SubscriptionControl.rebuild(projection))
})

const prune = Effect.flatMap(SubscriptionControl.prune(projection), (count) => Talk.tell("pruned", count))

/** A long history of few commits. */
const fill = (count: number) =>
  Effect.gen(function* () {
    const store = yield* EventStore.EventStore
    for (let n = 0; n < count; n += 100) {
      const parts = Load.accounts.map((accountId) => ({
        stream: `Account-${accountId}`,
        expected: Expected.any,
        events: Array.from({ length: 25 }, () => ({
          type: "Deposited",
          revision: 1,
          payload: JSON.stringify({ accountId, amount: 10 })
        }))
      }))
      yield* store.append({ id: `fill-${n}`, metadata: {}, parts })
    }
    yield* Talk.tell("filled")
  })

const does = ([word, first, second]: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    if (word === "send") yield* Load.send(name, Number(first), Number(second))
    if (word === "fill") yield* fill(Number(first))
    if (word === "rebuild") yield* rebuild
    if (word === "prune") yield* prune
  })

const program = Effect.gen(function* () {
  yield* Talk.statuses
  yield* Talk.tell("ready")
  yield* Stream.runForEach(Talk.lines, (words) => Effect.forkScoped(does(words)))
}).pipe(
  Effect.scoped,
  Effect.provide(Tagged.program(directory, Number(lease), Number(code))),
  Effect.mapError((error) => new Failed({ message: String(error) }))
)

Main.run(program, () => 1)
