/** A line for whatever changed a product. Views are not audited: they change nothing. */
import type { Event } from "everfold"
import { Subscriber } from "everfold"
import * as Console from "effect/Console"
import { PriceChanged, ProductCreated, StockUpdated } from "../../Domain/Catalogue/Events.ts"

/** Prints `[AUDIT] <time> | <event> | product_id=<id>`. */
export const AuditLog = Subscriber.make("audit-log", {
  events: [ProductCreated, StockUpdated, PriceChanged]
}).on({
  ProductCreated: (_, recorded) => print(recorded),
  StockUpdated: (_, recorded) => print(recorded),
  PriceChanged: (_, recorded) => print(recorded)
})

// internal

const print = ({ event, recordedAt }: Event.Recorded<ProductCreated | StockUpdated | PriceChanged>) =>
  Console.log(`[AUDIT] ${new Date(recordedAt).toISOString()} | ${event._tag} | product_id=${event.productId}`)
