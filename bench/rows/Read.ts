/** Reads: the state of an account from its stream, and every event of the log. All events are decoded. */
import * as Effect from "effect/Effect"
import { Account, accounts, streamOf } from "../Account.ts"
import { onLayers } from "../Contender.ts"
import { history } from "../Deposits.ts"
import { EventStore, History } from "../everfold.ts"
import * as Log from "../Log.ts"
import type { RawLog } from "../raw/RawStore.ts"
import type { Row } from "../Row.ts"

export const read: Row<"state after 10 events" | "state after 1,000 events" | "whole log of 20,000"> = {
  name: "read",
  settings: ["NORMAL", "memory"],
  cases: {
    "state after 10 events": { unit: "events", size: 10, runs: 3000 },
    "state after 1,000 events": { unit: "events", size: 1000, runs: 50 },
    "whole log of 20,000": { unit: "events", size: 20_000, runs: 3 }
  },
  everfold: (stack) => {
    const state = (runs: number, accountIds: ReadonlyArray<string>, balance: number) =>
      Effect.gen(function* () {
        for (let run = 0; run < runs; run += 1) {
          const accountId = accountIds[run % accountIds.length] ?? ""
          expect(balance, (yield* History.stateAt(Account, accountId)).balance)
        }
      })
    const whole = Effect.gen(function* () {
      const store = yield* EventStore.EventStore
      let sum = 0
      for (let after = 0; ;) {
        const page = yield* store.readAll({ after })
        if (page.to === after) return expect(20_000, sum)
        for (const stored of page.events) {
          for (const { event } of yield* Account.codec.decode(stored)) sum += event.amount
        }
        after = page.to
      }
    })
    return onLayers(stack, Log.fill(deposits), {
      "state after 10 events": (runs) => state(runs, short, 10),
      "state after 1,000 events": (runs) => state(runs, long, 1000),
      "whole log of 20,000": (runs) => Effect.repeatN(whole, runs - 1)
    })
  },
  raw: ({ log }) => {
    log.append(deposits)
    const state = (runs: number, accountIds: ReadonlyArray<string>, balance: number) => {
      for (let run = 0; run < runs; run += 1) {
        const stream = streamOf(accountIds[run % accountIds.length] ?? "")
        expect(
          balance,
          log.stream(stream).reduce((sum, { amount }) => sum + amount, 0)
        )
      }
    }
    return {
      "state after 10 events": (runs) => state(runs, short, 10),
      "state after 1,000 events": (runs) => state(runs, long, 1000),
      "whole log of 20,000": (runs) => {
        for (let run = 0; run < runs; run += 1) expect(20_000, sumOf(log))
      }
    }
  }
}

// internal

const short = accounts("short", 1000)
const long = accounts("long", 10)
const deposits = [...history(short, 10), ...history(long, 1000)]

const sumOf = (log: RawLog): number => {
  let sum = 0
  for (let page = log.page(0); page.deposits.length > 0; page = log.page(page.to)) {
    for (const { amount } of page.deposits) sum += amount
  }
  return sum
}

/** Whoever reads too little is not fast. */
const expect = (expected: number, actual: number): void => {
  if (actual !== expected) throw new Error(`read ${actual}, not ${expected}`)
}
