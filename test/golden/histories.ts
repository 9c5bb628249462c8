/** What happened to the aggregates of the contexts, in short: each event at least once, and what is odd. */
import type { Stock } from "../../src/Domain/Allocation/Stock.ts"
import { Product } from "../../src/Domain/Catalogue/Product.ts"
import type { Order } from "../../src/Domain/Ordering/Order.ts"
import { Reorder } from "../../src/Domain/Purchasing/Reorder.ts"
import { OrderId } from "../../src/Domain/Purchasing/Values.ts"
import * as Allocation from "../Domain/Allocation/samples.ts"
import { created, priceChanged, stockUpdated, viewed } from "../Domain/Catalogue/samples.ts"
import { fulfilled, placed } from "../Domain/Purchasing/samples.ts"
import * as Ordering from "../Domain/Ordering/samples.ts"
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

export const order: Histories<typeof Order> = {
  "an order that arrives": [
    Ordering.created(),
    Ordering.added(),
    Ordering.added({ item: "Größe Ⅷ", quantity: 3, unitPrice: { amount: 3999, currency: "USD" } }),
    Ordering.confirmed(),
    Ordering.shipped(),
    Ordering.delivered()
  ],
  "an order that is given up": [Ordering.created({ currency: "JPY" }), Ordering.cancelled()],
  "events that came before their order, and an order that came twice": [
    Ordering.added(),
    Ordering.confirmed(),
    Ordering.created(),
    Ordering.created({ currency: "EUR" })
  ]
}

const ship = { eta: "2026-03-01" }

export const stock: Histories<typeof Stock> = {
  "a batch that shrinks, and its lines move on": [
    Allocation.batchCreated("ship", 20, ship),
    Allocation.batchCreated("shelf", 10),
    Allocation.allocated("o1", 6, "shelf"),
    Allocation.allocated("Größe Ⅷ", 4, "shelf"),
    Allocation.deallocated("Größe Ⅷ", 4, "shelf"),
    Allocation.quantityChanged("shelf", 8),
    Allocation.allocated("Größe Ⅷ", 4, "ship")
  ],
  "out of stock, restocked, and out of stock again": [
    Allocation.batchCreated("shelf", 1),
    Allocation.outOfStock("o1", 2, true),
    Allocation.outOfStock("o2", 3, false),
    Allocation.quantityChanged("shelf", 2),
    Allocation.outOfStock("o2", 3, true),
    Allocation.batchCreated("ship", 5, ship)
  ],
  "what cannot have happened": [
    Allocation.allocated("o1", 1, "shelf"),
    Allocation.deallocated("o1", 1, "shelf"),
    Allocation.quantityChanged("shelf", 9),
    Allocation.batchCreated("shelf", 3),
    Allocation.batchCreated("shelf", 9),
    Allocation.allocated("o1", 4, "shelf"),
    Allocation.allocated("o1", 2, "shelf"),
    Allocation.allocated("o1", 1, "shelf"),
    Allocation.quantityChanged("shelf", 1)
  ]
}
