/**
 * Commands with a projection beside them: state, decision, append, and the row of the account. A lone caller sends
 * to streams that nobody has touched before, so that their 8 events are read. Whoever refuses a command fails.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Account, accounts, Balances, Deposit, deposit } from "../Account.ts"
import { type Contender, onLayers } from "../Contender.ts"
import { history, inTurns } from "../Deposits.ts"
import { CommandHandler, Metadata, Projector, Subscriptions } from "../everfold.ts"
import * as Log from "../Log.ts"
import * as Others from "../Others.ts"
import * as RawCommands from "../raw/RawCommands.ts"
import * as RawProjection from "../raw/RawProjection.ts"
import type { RawStore } from "../raw/RawStore.ts"
import * as Stores from "../raw/Stores.ts"
import * as Recipients from "../Recipients.ts"
import type { Place, Row } from "../Row.ts"
import { memory, onDisk, slowSync } from "../Setting.ts"
import * as Stack from "../Stack.ts"

type Cases =
  | "1 caller"
  | "1,000 callers, 1,000 streams"
  | "20 callers, 1 stream"
  | "one after the other, 1,000 streams"
  | "single appends"

const spread: ReadonlyArray<Cases> = ["1 caller", "1,000 callers, 1,000 streams"]
const asUsual: ReadonlyArray<Cases> = [...spread, "20 callers, 1 stream"]

const everfold = (place: Place<Cases>): Promise<Contender> => {
  const { crowd, fresh, next, star } = Recipients.make(place.plan["1 caller"])
  const send = (accountId: string) => CommandHandler.handle(Account, Deposit.make(deposit(accountId)))
  const each = (accountIds: ReadonlyArray<string>, concurrency: number | "unbounded") =>
    Effect.forEach(accountIds, send, { concurrency, discard: true })
  const times =
    (run: () => Effect.Effect<unknown, unknown, CommandHandler.CommandHandler>) => (runs: number) =>
      Effect.repeatN(Effect.suspend(run), runs - 1).pipe(
        Effect.zipRight(Subscriptions.settled),
        Metadata.with({ actor: "bench" })
      )
  return onLayers(
    Projector.layer(Balances).pipe(Layer.provideMerge(Stack.layer(place))),
    Effect.zipRight(Log.fill(history([...fresh, ...crowd], 8)), Subscriptions.settled),
    {
      "1 caller": times(() => send(next())),
      "1,000 callers, 1,000 streams": times(() => each(crowd, "unbounded")),
      "20 callers, 1 stream": times(() => each(star(1000), 20)),
      "one after the other, 1,000 streams": times(() => each(crowd, 1))
    }
  )
}

const byHand = ({ log, rows }: RawStore, { plan }: Place<Cases>) => {
  const { crowd, fresh, next, star } = Recipients.make(plan["1 caller"])
  log.append(history([...fresh, ...crowd], 8))
  const handle = RawCommands.make(log)
  /** One transaction for so many callers as wait together. */
  const send = (accountIds: ReadonlyArray<string>, together: number) => {
    for (let start = 0; start < accountIds.length; start += together) {
      handle(accountIds.slice(start, start + together))
      RawProjection.catchUp(log, rows, 500)
    }
  }
  const nextDeposit = inTurns(accounts("single", 1000))
  const times = (run: () => void) => (runs: number) => {
    for (let count = 0; count < runs; count += 1) run()
  }
  return {
    "1 caller": times(() => send([next()], 1)),
    "1,000 callers, 1,000 streams": times(() => send(crowd, 500)),
    "20 callers, 1 stream": times(() => send(star(1000), 20)),
    "single appends": times(() => log.append([nextDeposit(1)]))
  }
}

export const command: Row<Cases> = {
  name: "command",
  cases: {
    "1 caller": { unit: "commands", size: 1, runs: 1000 },
    "1,000 callers, 1,000 streams": { unit: "commands", size: 1000, runs: 2 },
    "20 callers, 1 stream": { unit: "commands", size: 1000, runs: 1 },
    "one after the other, 1,000 streams": { unit: "commands", size: 1000, runs: 1 },
    "single appends": { unit: "commits", size: 1, runs: 1000 }
  },
  contenders: [
    ...Stores.entrants(onDisk, byHand, [...asUsual, "single appends"]),
    { name: "everfold", settings: [...onDisk, memory], cases: asUsual, open: everfold },
    {
      name: "everfold",
      settings: [slowSync],
      cases: ["1,000 callers, 1,000 streams", "one after the other, 1,000 streams"],
      open: everfold
    },
    {
      name: "emmett",
      settings: onDisk,
      cases: spread,
      open: Others.packaged(async () => (await import("../rivals/Emmett.ts")).command)
    },
    {
      name: "emmett",
      settings: [memory, "memory, no projection"],
      cases: spread,
      open: Others.packaged(async () => (await import("../rivals/EmmettMemory.ts")).command)
    },
    {
      name: "act",
      settings: [...onDisk, memory],
      cases: spread,
      open: Others.packaged(async () => (await import("../rivals/Act.ts")).command)
    },
    {
      name: "castore",
      settings: [memory],
      cases: spread,
      open: Others.packaged(async () => (await import("../rivals/Castore.ts")).command)
    }
  ]
}
