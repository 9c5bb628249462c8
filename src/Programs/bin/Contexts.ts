/** The contexts of this repository, for what goes over all of their messages. */
import type { Aggregate } from "everfold"
import { Stock } from "../../Domain/Allocation/Stock.ts"
import { Product } from "../../Domain/Catalogue/Product.ts"
import { Order } from "../../Domain/Ordering/Order.ts"
import { Reorder } from "../../Domain/Purchasing/Reorder.ts"

/** The aggregates of each. */
export const contexts: ReadonlyMap<string, ReadonlyArray<Aggregate.Any>> = new Map<
  string,
  ReadonlyArray<Aggregate.Any>
>([
  ["Allocation", [Stock]],
  ["Catalogue", [Product]],
  ["Ordering", [Order]],
  ["Purchasing", [Reorder]]
])
