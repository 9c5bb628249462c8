/** Commands that keep a program busy. */
import { CommandHandler, StoreError } from "everfold"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { Account, deposit, withdraw } from "../../Bank.ts"
import * as Chance from "../Chance.ts"
import { tell } from "./Talk.ts"

/** Sends so many commands, one after the other, and tells of each: `sent <id> <accepted | refused>`. */
export const send = (name: string, count: number, seed: number) =>
  Effect.gen(function* () {
    for (let n = 1; n <= count; n++) {
      const id = `${name}-${seed}-${n}`
      const answer = yield* CommandHandler.handle(Account, yield* command, { commandId: id }).pipe(
        Effect.retry({ while: (error) => error instanceof StoreError.StoreError && error.transient }),
        Effect.as("accepted"),
        Effect.catchTag("InsufficientFunds", () => Effect.succeed("refused"))
      )
      yield* tell("sent", id, answer)
    }
  }).pipe((all) => Chance.seeded(seed, all))

/** The accounts that it moves money on. */
export const accounts: ReadonlyArray<string> = ["alice", "bob", "carol", "dave"]

// internal

const command = Effect.gen(function* () {
  const account = accounts[yield* Random.nextIntBetween(0, accounts.length)] ?? "alice"
  const amount = yield* Random.nextIntBetween(1, 20)
  return (yield* Random.nextBoolean) ? withdraw(account, amount) : deposit(account, 2 * amount)
})
