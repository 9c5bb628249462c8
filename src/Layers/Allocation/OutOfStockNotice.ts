/** Whoever buys has to know that something is out of stock: once, until more of it has come in. */
import { Subscriber } from "everfold"
import * as Effect from "effect/Effect"
import { OutOfStock } from "../../Domain/Allocation/Events.ts"
import type { Sku } from "../../Domain/Allocation/Values.ts"
import type { Notice } from "../../Services/Allocation/Notifier.ts"
import { Notifier } from "../../Services/Allocation/Notifier.ts"

/** Sends a notice of the first line that found too little; the log knows which one that is. */
export const OutOfStockNotice = Subscriber.make("out-of-stock-notice", { events: [OutOfStock] }).on({
  OutOfStock: ({ first, sku }, _, { key }) =>
    first ? Effect.flatMap(Notifier, ({ send }) => send(notice(sku, key))) : Effect.void
})

// internal

const notice = (sku: Sku, key: string): Notice => ({
  to: "stock@example.com",
  subject: `Out of stock: ${sku}`,
  body: `The SKU ${sku} is out of stock.`,
  key
})
