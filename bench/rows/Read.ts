/** Reads: the state of an account from its stream, and every event of the log. All events are decoded. */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { Account, accounts, streamOf } from "../Account.ts"
import { type Contender, onLayers } from "../Contender.ts"
import { history } from "../Deposits.ts"
import { Decoding, EventStore, History } from "../everfold.ts"
import * as Log from "../Log.ts"
import type { RawStore } from "../raw/RawStore.ts"
import * as Stores from "../raw/Stores.ts"
import type { Place, Row } from "../Row.ts"
import { memory } from "../Setting.ts"
import * as Stack from "../Stack.ts"

type Cases =
  "state after 10 events" | "state after 1,000 events" | "state after 10,000 events" | "whole log of 40,000"

const short = accounts("short", 1000)
const long = accounts("long", 10)
const longest = accounts("longest", 2)
const deposits = [...history(short, 10), ...history(long, 1000), ...history(longest, 10_000)]

const everfold = (place: Place<Cases>): Promise<Contender> => {
  const state = (accountIds: ReadonlyArray<string>, balance: number) => (runs: number) =>
    Effect.gen(function* () {
      for (let run = 0; run < runs; run += 1) {
        const accountId = accountIds[run % accountIds.length] ?? ""
        expect(balance, (yield* History.stateAt(Account, accountId)).balance)
      }
    })
  const whole = Effect.map(
    Stream.runFold(log, 0, (sum, { event }) => sum + event.amount),
    (sum) => expect(deposits.length, sum)
  )
  return onLayers(Stack.layer(place), Log.fill(deposits), {
    "state after 10 events": state(short, 10),
    "state after 1,000 events": state(long, 1000),
    "state after 10,000 events": state(longest, 10_000),
    "whole log of 40,000": (runs) => Effect.repeatN(whole, runs - 1)
  })
}

const byHand = ({ log }: RawStore) => {
  log.append(deposits)
  const state = (accountIds: ReadonlyArray<string>, balance: number) => (runs: number) => {
    for (let run = 0; run < runs; run += 1) {
      const stream = streamOf(accountIds[run % accountIds.length] ?? "")
      let sum = 0
      for (const { amount } of log.stream(stream)) sum += amount
      expect(balance, sum)
    }
  }
  const whole = () => {
    let sum = 0
    for (let after = 0, size = -1; size !== 0; after += size) {
      const page = log.scan(after, 500)
      for (const { amount } of page) sum += amount
      size = page.length
    }
    expect(deposits.length, sum)
  }
  return {
    "state after 10 events": state(short, 10),
    "state after 1,000 events": state(long, 1000),
    "state after 10,000 events": state(longest, 10_000),
    "whole log of 40,000": (runs: number) => {
      for (let run = 0; run < runs; run += 1) whole()
    }
  }
}

/** Every event of the log, typed, page by page. */
const log = Stream.unwrap(
  Effect.map(EventStore.EventStore, (store) =>
    Stream.paginateChunkEffect(0, (after) =>
      Effect.gen(function* () {
        const { events, to } = yield* store.readAll({ after })
        const recorded = yield* Decoding.all(Account.codec, events)
        return [Chunk.unsafeFromArray(recorded), to === after ? Option.none() : Option.some(to)] as const
      })
    )
  )
)

/** Whoever reads too little is not fast. */
const expect = (expected: number, actual: number): void => {
  if (actual !== expected) throw new Error(`read ${actual}, not ${expected}`)
}

export const read: Row<Cases> = {
  name: "read",
  cases: {
    "state after 10 events": { unit: "events", size: 10, runs: 1000 },
    "state after 1,000 events": { unit: "events", size: 1000, runs: 20 },
    "state after 10,000 events": { unit: "events", size: 10_000, runs: 4 },
    "whole log of 40,000": { unit: "events", size: 40_000, runs: 1 }
  },
  contenders: [
    ...Stores.entrants(["FULL"], byHand),
    { name: "everfold", settings: ["FULL", memory], open: everfold }
  ]
}
