/** A projection is built from the whole log, beside the rows that are served, and takes their place. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { accounts, Balances } from "../Account.ts"
import { onLayers } from "../Contender.ts"
import { history } from "../Deposits.ts"
import { Projector, SubscriptionControl } from "../everfold.ts"
import * as Log from "../Log.ts"
import * as RawProjection from "../raw/RawProjection.ts"
import type { Row } from "../Row.ts"

export const catchUp: Row<"20,000 events, 1,000 rows"> = {
  name: "catch-up",
  settings: ["NORMAL", "memory"],
  cases: { "20,000 events, 1,000 rows": { unit: "events", size: 20_000, runs: 1 } },
  everfold: (stack) =>
    onLayers(Layer.provideMerge(Projector.layer(Balances), stack), Log.fill(deposits), {
      "20,000 events, 1,000 rows": (runs) => Effect.repeatN(SubscriptionControl.rebuild(Balances), runs - 1)
    }),
  raw: ({ log, rows }) => {
    log.append(deposits)
    return {
      "20,000 events, 1,000 rows": (runs) => {
        for (let run = 0; run < runs; run += 1) RawProjection.rebuild(log, rows)
      }
    }
  }
}

// internal

const deposits = history(accounts("paid", 1000), 20)
