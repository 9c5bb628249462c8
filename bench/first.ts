/** A small program with a projection, for the row `start`: does one command, and says so. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Account, Balances, Deposit, deposit } from "./Account.ts"
import { CommandHandler, Projector, SqliteStack } from "./everfold.ts"

const directory = process.argv[2] ?? "."

const program = Effect.zipRight(
  CommandHandler.handle(Account, Deposit.make(deposit("alice"))),
  Effect.sync(() => console.log("done"))
)

await program.pipe(
  Effect.provide(Layer.provideMerge(Projector.layer(Balances), SqliteStack.layer({ directory }))),
  Effect.runPromise
)
