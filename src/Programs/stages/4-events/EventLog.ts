/** The fourth stage: what has happened is kept; what is the case, or was, is worked out from it. */
import type { Engine } from "everfold"
import * as Effect from "effect/Effect"
import * as Shop from "../../Shop.ts"
import { say, section } from "../../Terminal.ts"
import * as Changes from "../Changes.ts"
import type { Stage } from "../Stage.ts"
import * as Facts from "./Facts.ts"
import * as LongStream from "./LongStream.ts"
import * as Past from "./Past.ts"
import * as ReadModels from "./ReadModels.ts"

/** Event sourcing. A glimpse of it needs an empty log, as all of it does. */
export const stage: Stage<{ readonly message: string }, Engine.Stack> = {
  number: 4,
  title: "A log of events (event sourcing)",
  changed: [
    "write side: one table of events, only appended to, in the place of rows that are overwritten",
    "state: a fold of events, in the place of a SELECT",
    "projector: a pure function of events, in the place of a join over the write database",
    "read side, queries, commands: as they were"
  ],
  solved: "Who has changed what, and when, is known, and any read model can be made from nothing.",
  cost: "A long history is slow to read without snapshots, and an event keeps its shape for ever.",
  need: "Whoever is asked what was known when, or adds read models that must know the past.",
  tell: Effect.gen(function* () {
    yield* Shop.begin
    yield* Changes.tell(stage)
    yield* Facts.day
    yield* Facts.tellLog
    yield* section("Replay: the lamp, folded event by event")
    yield* Facts.tellReplay
    yield* say("The last line is the state: worked out, not stored.")
    const evening = yield* Past.evening
    yield* section("Audit: a wrong count is corrected, not erased")
    yield* Facts.correction
    yield* Facts.tellAudit
    yield* say("Both stay, Carol's slip and her correction. Nobody had to write an audit log.")
    yield* Past.tellTimeTravel(evening)
    yield* ReadModels.tell
    yield* LongStream.tell
    yield* Past.tellOldShapes
  }),
  glimpse: Effect.gen(function* () {
    yield* Shop.begin
    yield* Facts.day
    yield* Facts.correction
    yield* say("The lamp is what has happened to it, Carol's slip and her correction included:")
    yield* Facts.tellReplay
    yield* say("So it can be seen as it was:")
    yield* Past.tellMoments([
      ["at version 3", { version: 3 }],
      ["now", {}]
    ])
  })
}
