/**
 * Does the length of a log show in a command, and in how soon readers see what it did? A projection with a row for
 * each account runs beside it. Every commit is synced to the disk.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { Account, accounts, Balances, Deposit, deposit } from "../Account.ts"
import { type Contender, onCalls, onLayers } from "../Contender.ts"
import { CommandHandler, Metadata, Projector, ReadModel, Subscriptions } from "../everfold.ts"
import * as RawCommands from "../raw/RawCommands.ts"
import * as RawProjection from "../raw/RawProjection.ts"
import * as Stores from "../raw/Stores.ts"
import type { Place, Plan, Row } from "../Row.ts"
import * as Stack from "../Stack.ts"
import * as Emmett from "./Emmett.ts"
import * as Length from "./Length.ts"
import * as LongLog from "./LongLog.ts"
import { warm } from "./Warm.ts"

type Cases = "1 caller" | "until its row is visible"

const warmUp: Plan<Cases> = { "1 caller": 1000, "until its row is visible": 1000 }

const everfold = warm(warmUp, async (place: Place<Cases>): Promise<Contender> => {
  const { fresh, old } = await LongLog.write(place, place.plan["1 caller"])
  const next = oneByOne(fresh)
  const stranger = oneByOne(accounts("stranger", place.plan["until its row is visible"]))
  const send = (accountId: string) => CommandHandler.handle(Account, Deposit.make(deposit(accountId)))
  const balance = (accountId: string, atLeast: { readonly position: number }) =>
    Effect.map(ReadModel.get(Balances, accountId, { atLeast }), ({ row }) => Option.getOrThrow(row).balance)
  const alone = Effect.suspend(() => send(next()))
  const seen = Effect.suspend(() => {
    const accountId = stranger()
    return Effect.flatMap(send(accountId), (receipt) => balance(accountId, receipt))
  })
  const prepare = Effect.zipRight(Subscriptions.settled, balance(old[0] ?? "", { position: 0 }))
  const times =
    <E, R>(run: Effect.Effect<unknown, E, R>) =>
    (runs: number) =>
      Effect.repeatN(run, runs - 1).pipe(
        Effect.zipRight(Subscriptions.settled),
        Metadata.with({ actor: "bench" })
      )
  return onLayers(
    Layer.provideMerge(Projector.layer(Balances), Stack.layer({ ...place, setting: "FULL" })),
    prepare,
    { "1 caller": times(alone), "until its row is visible": times(seen) }
  )
})

const byHand = warm(warmUp, async (place: Place<Cases>): Promise<Contender> => {
  const { fresh } = await LongLog.write(place, place.plan["1 caller"])
  const { log, rows } = await Stores.equal({ ...place, setting: "FULL" })
  RawProjection.catchUp(log, rows, 1000)
  const handle = RawCommands.make(log)
  const times = (account: () => string) => (runs: number) => {
    for (let run = 0; run < runs; run += 1) {
      handle([account()])
      RawProjection.catchUp(log, rows, 500)
    }
  }
  return onCalls({
    "1 caller": times(oneByOne(fresh)),
    "until its row is visible": times(oneByOne(accounts("stranger", place.plan["until its row is visible"])))
  })
})

export const commandGrowth: Row<Cases> = {
  name: "growth-command",
  cases: {
    "1 caller": { unit: "commands", size: 1, runs: 12 },
    "until its row is visible": { unit: "commands", size: 1, runs: 20 }
  },
  contenders: [
    { name: "equal", settings: Length.upTo(1e6), open: byHand },
    { name: "everfold", settings: Length.upTo(1e6), open: everfold },
    {
      name: "emmett",
      settings: Length.upTo(1e5).slice(1),
      cases: ["1 caller"],
      open: warm({ "1 caller": 250 }, Emmett.command)
    }
  ],
  // What is to be touched for the first time must fit into the shortest log.
  atMost: { warmup: 1, rounds: 9 },
  long: true
}

// internal

const oneByOne = (accountIds: ReadonlyArray<string>) => {
  let touched = 0
  return (): string => {
    const accountId = accountIds[touched++]
    if (accountId === undefined) throw new Error("every account has been touched")
    return accountId
  }
}
