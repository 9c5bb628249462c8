/** `dying.ts <directory> <product> <stock> <command id>`: a shop whose doorbell kills it, so that it never rings. */
import { join } from "node:path"
import { Doorbell, Engine, Subscriptions, UuidIds } from "everfold"
import { SqliteStack } from "everfold/sqlite"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { subscribers } from "../stages/5-bus/Crash.ts"
import * as Shop from "../Shop.ts"
import * as Main from "./Main.ts"

const [directory = "", name = "", stock, commandId = ""] = process.argv.slice(2)

const deadly = Layer.succeed(Doorbell.Doorbell, {
  ring: () => void process.kill(process.pid, "SIGKILL"),
  rung: () => Effect.never
})

const stack = Engine.layer({ lease: "5 seconds" }).pipe(
  Layer.provideMerge(SqliteStack.logDatabase(join(directory, "log.db"))),
  Layer.provideMerge(SqliteStack.readDatabase(join(directory, "read.db"))),
  Layer.provide(deadly),
  Layer.provideMerge(UuidIds.layer)
)

const sale = Effect.gen(function* () {
  yield* Subscriptions.settled
  const { position } = yield* Shop.stock(name, Number(stock), { commandId })
  yield* Console.log(`receipt ${position}`)
}).pipe(Effect.provide(Layer.provideMerge(subscribers, stack)))

Main.run(sale, () => 1)
