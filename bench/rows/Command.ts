/**
 * Commands with a projection beside them: state, decision, append, and the row of the account. A lone caller sends
 * to streams that nobody has touched before, so that their 8 events are read.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Account, accounts, Balances, Deposit, deposit } from "../Account.ts"
import { onLayers } from "../Contender.ts"
import { history } from "../Deposits.ts"
import { CommandHandler, Metadata, Projector, Subscriptions } from "../everfold.ts"
import * as Log from "../Log.ts"
import * as RawCommands from "../raw/RawCommands.ts"
import * as RawProjection from "../raw/RawProjection.ts"
import type { Plan, Row } from "../Row.ts"

type Cases = "1 caller" | "1,000 callers, 1,000 streams" | "20 callers, 1 stream"

export const command: Row<Cases> = {
  name: "command",
  settings: ["FULL", "NORMAL", "memory"],
  cases: {
    "1 caller": { unit: "commands", size: 1, runs: 500 },
    "1,000 callers, 1,000 streams": { unit: "commands", size: 1000, runs: 2 },
    "20 callers, 1 stream": { unit: "commands", size: 1000, runs: 1 }
  },
  everfold: (stack, plan) => {
    const { crowd, fresh, next, star } = recipients(plan)
    const send = (accountId: string) => CommandHandler.handle(Account, Deposit.make(deposit(accountId)))
    const times = (runs: number, run: Effect.Effect<unknown, unknown, CommandHandler.CommandHandler>) =>
      Effect.repeatN(run, runs - 1).pipe(
        Effect.zipRight(Subscriptions.settled),
        Metadata.with({ actor: "bench" })
      )
    return onLayers(
      Projector.layer(Balances).pipe(Layer.provideMerge(stack)),
      Effect.zipRight(Log.fill(history([...fresh, ...crowd], 8)), Subscriptions.settled),
      {
        "1 caller": (runs) =>
          times(
            runs,
            Effect.suspend(() => send(next()))
          ),
        "1,000 callers, 1,000 streams": (runs) =>
          times(runs, Effect.forEach(crowd, send, { concurrency: "unbounded", discard: true })),
        "20 callers, 1 stream": (runs) =>
          times(
            runs,
            Effect.suspend(() => Effect.forEach(star(1000), send, { concurrency: 20, discard: true }))
          )
      }
    )
  },
  raw: ({ log, rows }, plan) => {
    const { crowd, fresh, next, star } = recipients(plan)
    log.append(history([...fresh, ...crowd], 8))
    const handle = RawCommands.make(log)
    /** One transaction for so many callers as wait together. */
    const send = (accountIds: ReadonlyArray<string>, together: number) => {
      for (let start = 0; start < accountIds.length; start += together) {
        handle(accountIds.slice(start, start + together))
        RawProjection.catchUp(log, rows)
      }
    }
    const times = (runs: number, run: () => void) => {
      for (let count = 0; count < runs; count += 1) run()
    }
    return {
      "1 caller": (runs) => times(runs, () => send([next()], 1)),
      "1,000 callers, 1,000 streams": (runs) => times(runs, () => send(crowd, 500)),
      "20 callers, 1 stream": (runs) => times(runs, () => send(star(1000), 20))
    }
  }
}

// internal

/** Whom the commands are sent to. */
const recipients = (plan: Plan<Cases>) => {
  const fresh = accounts("fresh", plan["1 caller"])
  let touched = 0
  let stars = 0
  return {
    crowd: accounts("crowd", 1000),
    fresh,
    next: () => {
      const accountId = fresh[touched++]
      if (accountId === undefined) throw new Error("every account has been touched")
      return accountId
    },
    /** An account that is new each time, as often as it gets a command. */
    star: (times: number) => {
      const accountId = `star-${String(stars++).padStart(8, "0")}`
      return Array.from({ length: times }, () => accountId)
    }
  }
}
