/** What happened to the aggregates of the contexts, in short: each event at least once, and what is odd. */
import { Product } from "../../src/Domain/Catalogue/Product.ts"
import { Reorder } from "../../src/Domain/Purchasing/Reorder.ts"
import { OrderId } from "../../src/Domain/Purchasing/Values.ts"
import { created, priceChanged, stockUpdated, viewed } from "../Domain/Catalogue/samples.ts"
import { fulfilled, placed } from "../Domain/Purchasing/samples.ts"
import type { Histories } from "./Golden.ts"

export const product: Histories<typeof Product> = {
  "a product that is sold": [
    created(),
    viewed(),
    stockUpdated(60),
    viewed(),
    stockUpdated(0),
    priceChanged(3999)
  ],
  "a product with all that can be said of it": [
    created({ name: "Größe Ⅷ", description: "one\ntwo", price: { amount: 1, currency: "JPY" }, stock: 0 })
  ],
  "events that came before their product, and a product that came twice": [
    viewed(),
    stockUpdated(5),
    priceChanged(100),
    created(),
    created({ name: "Another", stock: 1 })
  ]
}

const second = OrderId.make("order-2")

export const reorder: Histories<typeof Reorder> = {
  "two orders, one after the other": [placed(), fulfilled(), placed(7, second), fulfilled(second)],
  "orders that cross": [fulfilled(), placed(), placed(7, second), fulfilled(second), fulfilled(), fulfilled()]
}
