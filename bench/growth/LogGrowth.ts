/** Does the length of a log show in what is appended to it and read from it? Every commit is synced to the disk. */
import * as Effect from "effect/Effect"
import { Account, accounts, streamOf } from "../Account.ts"
import { type Contender, onCalls, onLayers } from "../Contender.ts"
import { inTurns } from "../Deposits.ts"
import { Decoding, EventStore, History } from "../everfold.ts"
import * as Log from "../Log.ts"
import * as Stores from "../raw/Stores.ts"
import type { Place, Plan, Row } from "../Row.ts"
import * as Stack from "../Stack.ts"
import * as Emmett from "./Emmett.ts"
import * as Length from "./Length.ts"
import * as LongLog from "./LongLog.ts"
import { warm } from "./Warm.ts"

type Cases = "1 event" | "100 events" | "state after 10 events" | "1,000 events read"

const warmUp: Plan<Cases> = {
  "1 event": 2000,
  "100 events": 50,
  "state after 10 events": 2000,
  "1,000 events read": 100
}

const everfold = warm(warmUp, async (place: Place<Cases>): Promise<Contender> => {
  const { events, old } = await LongLog.write(place)
  const next = inTurns(accounts("appended", 1000))
  const commits = (count: number) => (runs: number) =>
    Effect.repeatN(
      Effect.suspend(() => Effect.asVoid(Log.append(next(count)))),
      runs - 1
    )
  const chosen = someOf(old)
  const states = (runs: number) =>
    Effect.gen(function* () {
      for (let run = 0; run < runs; run += 1) {
        tenth((yield* History.stateAt(Account, chosen())).balance)
      }
    })
  let after = 0
  const reading = (runs: number) =>
    Effect.gen(function* () {
      const store = yield* EventStore.EventStore
      for (let sum = 0; sum < runs * 1000;) {
        const page = yield* store.readAll({ after })
        const deposits = yield* Decoding.all(Account.codec, page.events)
        for (const { event } of deposits) sum += event.amount
        after = page.to < events ? page.to : 0
      }
    })
  return onLayers(Stack.layer({ ...place, setting: "FULL" }), Effect.void, {
    "1 event": commits(1),
    "100 events": commits(100),
    "state after 10 events": states,
    "1,000 events read": reading
  })
})

const byHand = warm(warmUp, async (place: Place<Cases>): Promise<Contender> => {
  const { events, old } = await LongLog.write(place)
  const { log } = await Stores.equal({ ...place, setting: "FULL" })
  const next = inTurns(accounts("appended", 1000))
  const commits = (count: number) => (runs: number) => {
    for (let run = 0; run < runs; run += 1) log.append([next(count)])
  }
  const chosen = someOf(old)
  const states = (runs: number) => {
    for (let run = 0; run < runs; run += 1) {
      tenth(log.stream(streamOf(chosen())).reduce((sum, { amount }) => sum + amount, 0))
    }
  }
  let after = 0
  const reading = (runs: number) => {
    for (let sum = 0; sum < runs * 1000;) {
      const { deposits, to } = log.page(after, 500)
      for (const { amount } of deposits) sum += amount
      after = to < events ? to : 0
    }
  }
  return onCalls({
    "1 event": commits(1),
    "100 events": commits(100),
    "state after 10 events": states,
    "1,000 events read": reading
  })
})

export const logGrowth: Row<Cases> = {
  name: "growth",
  cases: {
    "1 event": { unit: "commits", size: 1, runs: 40 },
    "100 events": { unit: "events", size: 100, runs: 1 },
    "state after 10 events": { unit: "states", size: 1, runs: 100 },
    "1,000 events read": { unit: "events", size: 1000, runs: 50 }
  },
  contenders: [
    { name: "equal", settings: Length.upTo(1e6), open: byHand },
    { name: "everfold", settings: Length.upTo(1e6), open: everfold },
    {
      name: "emmett",
      settings: Length.upTo(1e5),
      cases: ["1 event", "100 events"],
      open: warm({ "1 event": 2000, "100 events": 50 }, Emmett.append)
    }
  ],
  atMost: { warmup: 1, rounds: 9 },
  long: true
}

// internal

/** Goes through accounts in leaps, so that neighbours in the log are not neighbours in time. */
const someOf = (accountIds: ReadonlyArray<string>) => {
  let leaps = 0
  return (): string => accountIds[(leaps++ * 7919) % accountIds.length] ?? ""
}

/** Whoever reads too little is not fast. */
const tenth = (balance: number): void => {
  if (balance !== 10) throw new Error(`the balance is ${balance}, not 10`)
}
