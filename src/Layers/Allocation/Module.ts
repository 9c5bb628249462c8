/** What allocation adds to any stack: its rows, and a notice when something is out of stock. */
import { Projector, Subscriber } from "everfold"
import * as Layer from "effect/Layer"
import { BatchAvailability } from "../../Domain/Allocation/BatchAvailability.ts"
import { OrderAllocations } from "../../Domain/Allocation/OrderAllocations.ts"
import { OutOfStockNotice } from "./OutOfStockNotice.ts"

/** Every subscriber of allocation. Who carries the notices is for the program to say: a Layer of `Notifier`. */
export const layer = Layer.mergeAll(
  Projector.layer(BatchAvailability),
  Projector.layer(OrderAllocations),
  Subscriber.layer(OutOfStockNotice)
)
