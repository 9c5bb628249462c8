/** A command of every kind that the contexts have, each after a history in which it is accepted. */
import type { Aggregate, Message } from "everfold"
import { Stock } from "../../../src/Domain/Allocation/Stock.ts"
import { Product } from "../../../src/Domain/Catalogue/Product.ts"
import { Order } from "../../../src/Domain/Ordering/Order.ts"
import { Reorder } from "../../../src/Domain/Purchasing/Reorder.ts"
import { OrderId } from "../../../src/Domain/Purchasing/Values.ts"
import { allocate, changeQuantity, createBatch } from "../../Domain/Allocation/samples.ts"
import { changePrice, create, updateStock, view } from "../../Domain/Catalogue/samples.ts"
import * as Orders from "../../Domain/Ordering/samples.ts"
import { fulfil, place } from "../../Domain/Purchasing/samples.ts"

/** A command, and what surrounds it. */
export interface Sample {
  readonly aggregate: Aggregate.Any
  /** What has been done to the same aggregate, under the ids `before-0`, `before-1` and so on. */
  readonly before: ReadonlyArray<Message.Tagged>
  readonly command: Message.Tagged
  /** What is done to the same aggregate later; accepted, refused or nothing to do. */
  readonly after: ReadonlyArray<Message.Tagged>
}

/** One for each command of an aggregate; a command without one does not compile. */
const of = <A extends Aggregate.Any>(
  aggregate: A,
  byTag: { readonly [Tag in Aggregate.Command<A>["_tag"]]: Omit<Sample, "aggregate"> }
): ReadonlyArray<Sample> => {
  const samples: ReadonlyArray<Omit<Sample, "aggregate">> = Object.values(byTag)
  return samples.map((sample) => ({ aggregate, ...sample }))
}

const placed = OrderId.make("before-0.0")

const { add, cancel, confirm, deliver, ship } = Orders
const confirmed = [Orders.create(), add(), confirm()]

export const samples: ReadonlyArray<Sample> = [
  ...of(Product, {
    CreateProduct: { before: [], command: create(), after: [view(), updateStock(7), create()] },
    UpdateStock: { before: [create()], command: updateStock(3), after: [updateStock(4), updateStock(3)] },
    ChangePrice: { before: [create()], command: changePrice(3999), after: [changePrice(4999), view()] },
    RecordProductView: { before: [create()], command: view(), after: [view(), changePrice(1)] }
  }),
  ...of(Reorder, {
    PlaceReorder: { before: [], command: place(), after: [fulfil(OrderId.make("wish.0")), place(3)] },
    FulfilReorder: { before: [place()], command: fulfil(placed), after: [place(5), fulfil(placed)] }
  }),
  ...of(Stock, {
    CreateBatch: {
      before: [],
      command: createBatch("b1", 5),
      after: [allocate("ann", 3), createBatch("b1", 5), createBatch("b2", 1)]
    },
    ChangeBatchQuantity: {
      before: [createBatch("b1", 5), createBatch("b2", 5), allocate("ann", 3)],
      command: changeQuantity("b1", 2),
      after: [allocate("bob", 2), changeQuantity("b1", 2), changeQuantity("b1", 9)]
    },
    Allocate: {
      before: [createBatch("b1", 5)],
      command: allocate("ann", 3),
      after: [allocate("bob", 2), allocate("cid", 1), changeQuantity("b1", 0)]
    }
  }),
  ...of(Order, {
    CreateOrder: { before: [], command: Orders.create(), after: [add(), Orders.create(), cancel()] },
    AddItem: { before: [Orders.create()], command: add(), after: [add(), confirm(), add()] },
    ConfirmOrder: { before: [Orders.create(), add()], command: confirm(), after: [confirm(), cancel()] },
    ShipOrder: { before: confirmed, command: ship(), after: [ship(), deliver()] },
    DeliverOrder: { before: [...confirmed, ship()], command: deliver(), after: [deliver(), cancel()] },
    CancelOrder: { before: confirmed, command: cancel(), after: [cancel(), ship()] }
  })
]

/** The name under which each sample is sent. */
export const wish = "wish"
