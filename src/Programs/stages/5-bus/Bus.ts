/** The fifth stage: whoever answers an event stands on his own, and whoever causes it knows nobody. */
import type { Engine } from "everfold"
import * as Effect from "effect/Effect"
import * as Shop from "../../Shop.ts"
import * as Changes from "../Changes.ts"
import type { Stage } from "../Stage.ts"
import * as Crash from "./Crash.ts"
import * as Duplicates from "./Duplicates.ts"
import * as FanOut from "./FanOut.ts"
import * as Interleaving from "./Interleaving.ts"
import * as Spoken from "./Spoken.ts"
import * as Staleness from "./Staleness.ts"
import * as Trace from "./Trace.ts"

/** The bus. A glimpse of it needs an empty log, as all of it does. */
export const stage: Stage<{ readonly message: string }, Engine.Stack> = {
  number: 5,
  title: "A bus (asynchronous projections)",
  changed: [
    "command handler: returns when the event is durable; nobody calls a projector any more",
    "subscribers: each reads the log from a place of its own, woken by the bus",
    "a new answer to an event: one more Layer; nothing that exists is touched",
    "log, aggregate, commands, queries: as they were"
  ],
  solved: "Whoever sends a command neither knows nor waits for those who answer its events.",
  cost: "Answers are stale for a moment, effects may happen twice, a request runs in many places.",
  need: "Whoever has many answers to one event, made by people who do not know each other.",
  tell: Effect.gen(function* () {
    yield* Shop.begin
    yield* Changes.tell(stage)
    yield* FanOut.tell
    yield* Staleness.tell
    yield* Duplicates.tell
    yield* Interleaving.tell
    yield* Trace.tell
    yield* Crash.tell
  }),
  glimpse: Effect.suspend(() => {
    const spoken = Spoken.make()
    return Effect.gen(function* () {
      yield* Shop.begin
      yield* Effect.provide(FanOut.fanOut(spoken), spoken.keeping(FanOut.timeless))
      yield* Staleness.threeAnswers
    })
  })
}
