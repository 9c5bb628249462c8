/** How long a command takes until its row can be read, while nobody else wants anything: the median of a round. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Account, accounts, Balances, Deposit, deposit } from "../Account.ts"
import { type Contender, onLayers } from "../Contender.ts"
import { inTurns } from "../Deposits.ts"
import { CommandHandler, Metadata, Projector, Subscriptions } from "../everfold.ts"
import * as Median from "../Median.ts"
import type { RawStore } from "../raw/RawStore.ts"
import * as Stores from "../raw/Stores.ts"
import type { Place, Row } from "../Row.ts"
import { memory } from "../Setting.ts"
import * as Stack from "../Stack.ts"

type Cases = "a command until its row is visible"

const everfold = (place: Place<Cases>): Promise<Contender> => {
  const next = inTurns(accounts("seen", 1000))
  const seen = Effect.suspend(() =>
    Effect.flatMap(CommandHandler.handle(Account, Deposit.make(deposit(next(1).accountId))), (receipt) =>
      Subscriptions.reached(Balances, receipt)
    )
  )
  return onLayers(Layer.provideMerge(Projector.layer(Balances), Stack.layer(place)), Effect.void, {
    "a command until its row is visible": (runs) =>
      Metadata.with({ actor: "bench" })(Median.ofEffects(runs, seen))
  })
}

/** What was appended is known, and need not be read. */
const byHand = ({ log, rows }: RawStore) => {
  const next = inTurns(accounts("seen", 1000))
  let after = 0
  const seen = () => {
    const commit = next(1)
    log.append([commit])
    const deposits = [{ accountId: commit.accountId, amount: 1 }]
    rows.write({ after, to: after + 1, time: Date.now(), deposits })
    after += 1
  }
  return { "a command until its row is visible": (runs: number) => Median.ofCalls(runs, seen) }
}

export const latency: Row<Cases> = {
  name: "latency",
  cases: { "a command until its row is visible": { unit: "commands", size: 1, runs: 1000 } },
  contenders: [
    ...Stores.entrants(["FULL"], byHand),
    { name: "everfold", settings: ["FULL", memory], open: everfold }
  ]
}
