/** Appends to 1,000 streams in turns, each commit at exactly the version that its stream has. */
import * as Effect from "effect/Effect"
import { accounts } from "../Account.ts"
import { onLayers } from "../Contender.ts"
import { inTurns } from "../Deposits.ts"
import * as Log from "../Log.ts"
import type { Row } from "../Row.ts"

export const append: Row<"1 event" | "100 events"> = {
  name: "append",
  settings: ["FULL", "NORMAL", "memory"],
  cases: {
    "1 event": { unit: "commits", size: 1, runs: 2000 },
    "100 events": { unit: "events", size: 100, runs: 100 }
  },
  everfold: (stack) => {
    const next = inTurns(accounts("appended", 1000))
    const commits = (count: number) => (runs: number) =>
      Effect.repeatN(
        Effect.suspend(() => Log.append(next(count))),
        runs - 1
      )
    return onLayers(stack, Effect.void, { "1 event": commits(1), "100 events": commits(100) })
  },
  raw: ({ log }) => {
    const next = inTurns(accounts("appended", 1000))
    const commits = (count: number) => (runs: number) => {
      for (let run = 0; run < runs; run += 1) log.append([next(count)])
    }
    return { "1 event": commits(1), "100 events": commits(100) }
  }
}
