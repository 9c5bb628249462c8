/** A policy that the commands know nothing about: somebody should look when little is left. */
import { Subscriber } from "everfold"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { StockUpdated } from "../../Domain/Catalogue/Events.ts"
import { threshold } from "../../Domain/Catalogue/LowStock.ts"

/** Prints `[ALERT] Low stock on product <id>: <n> units remaining`. */
export const LowStockAlert = Subscriber.make("low-stock-alert", { events: [StockUpdated] }).on({
  StockUpdated: ({ productId, stock }) =>
    stock < threshold
      ? Console.log(`[ALERT] Low stock on product ${productId}: ${stock} units remaining`)
      : Effect.void
})
