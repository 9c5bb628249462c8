/**
 * The story of a read model: an order from its creation to its delivery, and what keeps its summary right when
 * events are repeated, handlers fail, or all of it is made again. It needs ports only.
 */
import { Projector } from "everfold"
import * as Effect from "effect/Effect"
import { OrderIndex } from "../../Domain/Ordering/OrderIndex.ts"
import * as Module from "../../Layers/Ordering/Module.ts"
import * as Heard from "../Heard.ts"
import * as Shop from "../Shop.ts"
import * as Average from "./Average.ts"
import * as Example from "./Example.ts"
import * as Projections from "./Projections.ts"
import * as Repetition from "./Repetition.ts"
import * as Replay from "./Replay.ts"
import * as Rules from "./Rules.ts"

/** Tells the story, on a log that nobody has written to. */
export const program = Effect.gen(function* () {
  yield* Shop.begin
  const heard = Heard.make()
  yield* Effect.gen(function* () {
    yield* Effect.provide(
      Effect.all([Example.tell, Rules.tell, Projections.tell], { discard: true }),
      Module.layer
    )
    yield* Effect.provide(Repetition.tell, Projector.layer(OrderIndex))
    yield* Effect.provide(Effect.zipRight(Average.tell(heard), Replay.tell), Module.layer)
  }).pipe(heard.listening)
})
