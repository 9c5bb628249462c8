/**
 * The story of what fails: a projection with a mistake, a mail server that is away, something that nobody does in
 * time. What goes on meanwhile, and what an operator does about it. It needs ports only.
 */
import { Projector, Subscriber } from "everfold"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { ProductDetail } from "../../Domain/Catalogue/ProductDetail.ts"
import { LowStockAlert } from "../../Layers/Catalogue/LowStockAlert.ts"
import * as Purchasing from "../../Layers/Purchasing/Module.ts"
import * as Mail from "./Mail.ts"
import * as Bug from "./Bug.ts"
import * as Timer from "./Timer.ts"
import * as Heard from "../Heard.ts"
import * as Shop from "../Shop.ts"

/** Tells the story, on a log that nobody has written to. */
export const program = Effect.gen(function* () {
  yield* Shop.begin
  const heard = Heard.make()
  yield* Effect.gen(function* () {
    yield* Shop.create("lamp", 30)
    yield* Shop.create("desk", 40)
    yield* Bug.tell(heard)
    yield* Mail.tell(heard)
    yield* Timer.tell
  }).pipe(Effect.provide(catalogue), heard.listening)
})

// internal

/** The catalogue without its audit log, whose lines have the time in them. */
const catalogue = Layer.mergeAll(
  Projector.layer(ProductDetail),
  Subscriber.layer(LowStockAlert),
  Purchasing.layer
)
