/** What purchasing adds to any stack: its rows, and its answer to what happens in the catalogue. */
import { Projector, Reactor } from "everfold"
import * as Layer from "effect/Layer"
import { OpenOrder } from "../../Domain/Purchasing/OpenOrder.ts"
import { Reorder } from "../../Domain/Purchasing/Reorder.ts"
import { Restock } from "../../Domain/Purchasing/Restock.ts"

/** Every subscriber of purchasing. */
export const layer = Layer.mergeAll(Projector.layer(OpenOrder), Reactor.layer(Restock, [Reorder]))
