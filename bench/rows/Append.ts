/** Appends to 1,000 streams in turns, each commit at exactly the version that its stream has. */
import * as Effect from "effect/Effect"
import { accounts } from "../Account.ts"
import { type Contender, onLayers } from "../Contender.ts"
import { inTurns } from "../Deposits.ts"
import * as Log from "../Log.ts"
import * as Others from "../Others.ts"
import * as Stores from "../raw/Stores.ts"
import type { RawStore } from "../raw/RawStore.ts"
import type { Place, Row } from "../Row.ts"
import { memory, onDisk } from "../Setting.ts"
import * as Stack from "../Stack.ts"

type Cases = "1 event" | "100 events" | "1,000 events"

const everfold = (place: Place<Cases>): Promise<Contender> => {
  const next = inTurns(accounts("appended", 1000))
  const commits = (count: number) => (runs: number) =>
    Effect.repeatN(
      Effect.suspend(() => Effect.asVoid(Log.append(next(count)))),
      runs - 1
    )
  return onLayers(Stack.layer(place, { commitEvents: 1000 }), Effect.void, {
    "1 event": commits(1),
    "100 events": commits(100),
    "1,000 events": commits(1000)
  })
}

const byHand = ({ log }: RawStore) => {
  const next = inTurns(accounts("appended", 1000))
  const commits = (count: number) => (runs: number) => {
    for (let run = 0; run < runs; run += 1) log.append([next(count)])
  }
  return { "1 event": commits(1), "100 events": commits(100), "1,000 events": commits(1000) }
}

export const append: Row<Cases> = {
  name: "append",
  cases: {
    "1 event": { unit: "commits", size: 1, runs: 2000 },
    "100 events": { unit: "events", size: 100, runs: 100 },
    "1,000 events": { unit: "events", size: 1000, runs: 12 }
  },
  contenders: [
    ...Stores.entrants(onDisk, byHand),
    { name: "everfold", settings: [...onDisk, memory], open: everfold },
    {
      name: "emmett",
      settings: [...onDisk, "FULL, a connection per call"],
      open: Others.packaged(async () => (await import("../rivals/Emmett.ts")).append)
    },
    {
      name: "emmett",
      settings: [memory],
      open: Others.packaged(async () => (await import("../rivals/EmmettMemory.ts")).append)
    },
    {
      name: "act",
      settings: [...onDisk, memory],
      open: Others.packaged(async () => (await import("../rivals/Act.ts")).append)
    },
    {
      name: "castore",
      settings: [memory],
      open: Others.packaged(async () => (await import("../rivals/Castore.ts")).append)
    }
  ]
}
