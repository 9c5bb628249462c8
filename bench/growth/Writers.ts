/** How many commands fit into a second when several send them at once, each to a stream of its own. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Account, accounts, Balances, Deposit, deposit } from "../Account.ts"
import { type Contender, onLayers } from "../Contender.ts"
import { CommandHandler, Metadata, Projector, Subscriptions } from "../everfold.ts"
import type { Place, Row } from "../Row.ts"
import { onDisk } from "../Setting.ts"
import * as Stack from "../Stack.ts"

type Cases = "1 writer" | "10 writers" | "100 writers" | "1,000 writers"

const everfold = (place: Place<Cases>): Promise<Contender> => {
  const all = accounts("writer", 1000)
  const send = (accountId: string) => CommandHandler.handle(Account, Deposit.make(deposit(accountId)))
  const together = (writers: number) => (runs: number) =>
    Effect.forEach(all.slice(0, writers), (accountId) => Effect.repeatN(send(accountId), runs - 1), {
      concurrency: "unbounded",
      discard: true
    }).pipe(Effect.zipRight(Subscriptions.settled), Metadata.with({ actor: "bench" }))
  return onLayers(Layer.provideMerge(Projector.layer(Balances), Stack.layer(place)), Effect.void, {
    "1 writer": together(1),
    "10 writers": together(10),
    "100 writers": together(100),
    "1,000 writers": together(1000)
  })
}

/** A run is a command of each writer. */
export const writers: Row<Cases> = {
  name: "writers",
  cases: {
    "1 writer": { unit: "commands", size: 1, runs: 500 },
    "10 writers": { unit: "commands", size: 10, runs: 100 },
    "100 writers": { unit: "commands", size: 100, runs: 30 },
    "1,000 writers": { unit: "commands", size: 1000, runs: 5 }
  },
  contenders: [{ name: "everfold", settings: onDisk, open: everfold }],
  long: true
}
