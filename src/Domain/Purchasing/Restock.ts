/** When little is left of a product, more is ordered. The catalogue knows nothing of it. */
import { Reaction } from "everfold"
import { ProductCreated, StockUpdated } from "../Catalogue/Events.ts"
import { PlaceReorder } from "./Commands.ts"

/** Below so many units an order is placed. */
export const threshold = 5

/** The order fills the stock up to this. */
export const target = 50

/** One order per product is open at any time, however often its stock falls: `Reorder` sees to that. */
export const Restock = Reaction.make("restock", {
  events: [ProductCreated, StockUpdated],
  commands: [PlaceReorder]
}).on({
  // A product that begins with too little needs an order as well, and no update may ever tell.
  ProductCreated: (event) => refill(event),
  StockUpdated: (event) => refill(event)
})

// internal

const refill = ({ productId, stock }: ProductCreated | StockUpdated) =>
  stock < threshold ? [PlaceReorder.make({ productId, quantity: target - stock })] : []
