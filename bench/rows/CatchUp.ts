/** A projection is built from the whole log, beside the rows that are served, and takes their place. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { accounts, Balances } from "../Account.ts"
import { type Contender, onLayers } from "../Contender.ts"
import { history } from "../Deposits.ts"
import { Limits, Projector, SubscriptionControl } from "../everfold.ts"
import * as Log from "../Log.ts"
import * as Others from "../Others.ts"
import * as RawProjection from "../raw/RawProjection.ts"
import type { RawStore } from "../raw/RawStore.ts"
import * as Stores from "../raw/Stores.ts"
import type { Place, Row, Setting } from "../Row.ts"
import { memory } from "../Setting.ts"
import * as Stack from "../Stack.ts"

type Cases = "20,000 events, 1,000 rows" | "2,000 events, 100 rows"

const whole: ReadonlyArray<Cases> = ["20,000 events, 1,000 rows"]

const deposits = history(accounts("paid", 1000), 20)

/** How many events are folded together; where nothing is said, as many as are fastest. */
const batches: Readonly<Record<Setting, number>> = {
  "NORMAL, 100 a batch": 100,
  "NORMAL, 1,000 a batch": 1000
}
const settings = Object.keys(batches)

const everfold = (place: Place<Cases>): Promise<Contender> => {
  const projector = Layer.provide(
    Projector.layer(Balances),
    Limits.layer({ pageEvents: batches[place.setting] ?? 4000 })
  )
  return onLayers(Layer.provideMerge(projector, Stack.layer(place)), Log.fill(deposits), {
    "20,000 events, 1,000 rows": (runs) =>
      Effect.asVoid(Effect.repeatN(SubscriptionControl.rebuild(Balances), runs - 1))
  })
}

const byHand = ({ log, rows }: RawStore, { setting }: Place<Cases>) => {
  log.append(deposits)
  return {
    "20,000 events, 1,000 rows": (runs: number) => {
      for (let run = 0; run < runs; run += 1) RawProjection.rebuild(log, rows, batches[setting] ?? 4000)
    }
  }
}

export const catchUp: Row<Cases> = {
  name: "catch-up",
  cases: {
    "20,000 events, 1,000 rows": { unit: "events", size: 20_000, runs: 1 },
    "2,000 events, 100 rows": { unit: "events", size: 2000, runs: 1 }
  },
  contenders: [
    ...Stores.entrants([...settings, "NORMAL"], byHand, whole),
    { name: "everfold", settings: [...settings, "NORMAL", memory], cases: whole, open: everfold },
    {
      name: "emmett",
      settings: ["NORMAL"],
      cases: whole,
      slow: true,
      open: Others.packaged(async () => (await import("../rivals/Emmett.ts")).catchUp)
    },
    {
      name: "python",
      settings: ["as it is"],
      // It takes as long for these as the others for ten times as many.
      cases: ["2,000 events, 100 rows"],
      slow: true,
      open: Others.python(async () => (await import("../rivals/Python.ts")).catchUp)
    }
  ]
}
