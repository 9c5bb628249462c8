/**
 * A reader in a process of its own: `reading.ts <folder>`. It asks again and again, and tells what is wrong with an
 * answer, `sees <code>` when the rows are those of another code, and `answers <count>` when it is told anything.
 */
import { EventStore, ReadModel } from "everfold"
import { SqliteStack } from "everfold/sqlite"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { isDeepStrictEqual } from "node:util"
import * as Main from "../../../src/Programs/bin/Main.ts"
import * as Talk from "../programs/Talk.ts"
import * as Tagged from "./Tagged.ts"

class Failed extends Data.TaggedError("Failed")<{ readonly message: string }> {}

const [directory = ""] = process.argv.slice(2)
const projection = Tagged.tagged(0)

/** The fold of the log up to a position, without the kit's help. */
const expected = new Map<string, { balance: number; applied: number }>()
let folded = 0
const foldUpTo = (position: number) =>
  Effect.gen(function* () {
    const log = yield* EventStore.EventStore
    while (folded < position) {
      for (const event of (yield* log.readAll({ after: folded, limit: position - folded })).events) {
        folded = event.position
        if (event.type !== "Deposited" && event.type !== "Withdrawn") continue
        const { accountId, amount } = JSON.parse(event.payload)
        const { applied, balance } = expected.get(accountId) ?? { applied: 0, balance: 0 }
        const sign = event.type === "Deposited" ? 1 : -1
        expected.set(accountId, { balance: balance + sign * amount, applied: applied + 1 })
      }
    }
  })

let [answers, seen] = [0, 0]

const ask = Effect.gen(function* () {
  const model = yield* ReadModel.ReadModel
  const { asOf, rows } = yield* model.list(projection, {})
  answers += 1
  if (asOf.position < folded) return yield* Talk.tell("wrong", "went back from", folded, "to", asOf.position)
  yield* foldUpTo(asOf.position)
  const found = rows.map(({ key, row: { applied, balance } }) => [key, { balance, applied }] as const)
  if (!isDeepStrictEqual(new Map(found), expected)) {
    const [these, those] = [JSON.stringify(found), JSON.stringify([...expected])]
    yield* Talk.tell("wrong", "no fold up to", asOf.position, these, "instead of", those)
  }
  const codes = new Set(rows.map(({ row }) => Number(row["code"])))
  if (codes.size > 1) yield* Talk.tell("wrong", "rows of several codes:", ...codes)
  const [code = seen] = codes
  if (code !== seen) yield* Talk.tell("sees", code)
  seen = code
}).pipe(Effect.catchTag("Rebuilding", () => Effect.void))

const asking = Effect.forever(Effect.zipRight(ask, Effect.sleep("1 millis")))

const program = Effect.gen(function* () {
  yield* Talk.tell("ready")
  const told = Stream.runForEach(Talk.lines, () => Effect.suspend(() => Talk.tell("answers", answers)))
  yield* Effect.raceFirst(told, asking)
}).pipe(
  Effect.provide(SqliteStack.layer({ directory, durability: "NORMAL" })),
  Effect.mapError((error) => new Failed({ message: String(error) }))
)

Main.run(program, () => 1)
