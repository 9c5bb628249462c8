/**
 * The state of an account before a command: of a short stream, and of a very long one that has a snapshot. The median
 * of a round counts: one load of a thousand folds the whole stream as well, to see whether its snapshot is right.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { accounts, Deposit, Deposited } from "../Account.ts"
import { type Contender, onLayers } from "../Contender.ts"
import { history } from "../Deposits.ts"
import { Aggregate, Snapshots, StoreError } from "../everfold.ts"
import * as Log from "../Log.ts"
import * as Median from "../Median.ts"
import type { Place, Row } from "../Row.ts"
import { memory } from "../Setting.ts"
import * as Stack from "../Stack.ts"
// Through the doors a command finds the state that the last one has left in memory, and loads nothing.
import * as State from "../../src/Layers/State.ts"

type Cases = "stream of 10" | "stream of 100,000, from a snapshot"

const Account = Aggregate.make("Account", {
  events: [Deposited],
  commands: [Deposit],
  state: Schema.Struct({ balance: Schema.Int }),
  initial: { balance: 0 },
  id: (command) => command.accountId,
  snapshot: { version: 1 }
})
  .evolve({ Deposited: (state, event) => ({ balance: state.balance + event.amount }) })
  .decide({ Deposit: (command) => [Deposited.make({ ...command })] })

const short = accounts("short", 1000)
const long = "long"

const everfold = (place: Place<Cases>): Promise<Contender> => {
  const load = (accountId: string, balance: number) =>
    Effect.gen(function* () {
      const { state } = yield* State.load(yield* State.sources, Account, streamOf(accountId))
      if (state.balance !== balance) yield* StoreError.make("Invalid", `the balance is ${state.balance}`)
    })
  /** The first load of a stream has its state kept, some time later. */
  const kept = Effect.gen(function* () {
    yield* load(long, 100_000)
    const snapshots = yield* Snapshots.Snapshots
    yield* Effect.repeat(snapshots.load(streamOf(long), Account.snapshot?.key ?? ""), {
      schedule: Schedule.spaced("10 millis"),
      until: Option.isSome
    })
  })
  let turn = 0
  const next = Effect.suspend(() => load(short[turn++ % short.length] ?? "", 10))
  return onLayers(Stack.layer(place), Effect.zipRight(Log.fill(deposits), kept), {
    "stream of 10": (runs) => Median.ofEffects(runs, next),
    "stream of 100,000, from a snapshot": (runs) => Median.ofEffects(runs, load(long, 100_000))
  })
}

export const load: Row<Cases> = {
  name: "load",
  cases: {
    "stream of 10": { unit: "loads", size: 1, runs: 1000 },
    "stream of 100,000, from a snapshot": { unit: "loads", size: 1, runs: 1000 }
  },
  contenders: [{ name: "everfold", settings: ["FULL", memory], open: everfold }]
}

// internal

const streamOf = (accountId: string) => Aggregate.stream(Account, accountId)

const deposits = [
  ...history(short, 10),
  ...Array.from({ length: 200 }, (_, part) => ({ accountId: long, version: part * 500, count: 500 }))
]
