/** What ordering adds to any stack: two read models of the same events. */
import { Projector } from "everfold"
import * as Layer from "effect/Layer"
import { OrderIndex } from "../../Domain/Ordering/OrderIndex.ts"
import { OrderSummary } from "../../Domain/Ordering/OrderSummary.ts"

/** Every subscriber of ordering. */
export const layer = Layer.merge(Projector.layer(OrderSummary), Projector.layer(OrderIndex))
