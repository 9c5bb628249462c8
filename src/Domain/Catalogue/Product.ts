/** A product of the catalogue: what has become of it, and what may be done with it. */
import { Aggregate } from "everfold"
import * as Schema from "effect/Schema"
import { ChangePrice, CreateProduct, RecordProductView, UpdateStock } from "./Commands.ts"
import { PriceChanged, ProductCreated, ProductViewed, StockUpdated } from "./Events.ts"
import {
  NegativeStock,
  PriceIncreaseNeedsApproval,
  PriceNotPositive,
  ProductAlreadyExists,
  UnknownProduct
} from "./Rejections.ts"
import type { Money } from "./Values.ts"
import { Name, Price, Quantity, sameMoney } from "./Values.ts"

/** Not in the catalogue. */
const Absent = Schema.TaggedStruct("Absent", {})

/** In the catalogue: what decisions depend on, and what an audit compares. */
const Listed = Schema.TaggedStruct("Listed", { name: Name, price: Price, stock: Quantity })

/** One product. Its stream is `Product-<productId>`. */
export const Product = Aggregate.make("Product", {
  events: [ProductCreated, StockUpdated, PriceChanged, ProductViewed],
  commands: [CreateProduct, UpdateStock, ChangePrice, RecordProductView],
  state: Schema.Union(Absent, Listed),
  initial: Absent.make(),
  id: (command) => command.productId,
  snapshot: { version: 1 }
})
  .evolve({
    ProductCreated: (state, { name, price, stock }) =>
      state._tag === "Absent" ? { _tag: "Listed", name, price, stock } : state,
    StockUpdated: (state, { stock }) => (state._tag === "Listed" ? { ...state, stock } : state),
    PriceChanged: (state, { price }) => (state._tag === "Listed" ? { ...state, price } : state),
    ProductViewed: (state) => state
  })
  .decide({
    CreateProduct: (command, state) => {
      const { price, productId, stock } = command
      if (state._tag === "Listed") return new ProductAlreadyExists({ productId })
      if (stock < 0) return new NegativeStock({ productId, stock })
      if (price.amount <= 0) return new PriceNotPositive({ productId, price })
      return [ProductCreated.make({ ...command })]
    },
    UpdateStock: ({ productId, stock }, state) => {
      if (state._tag === "Absent") return new UnknownProduct({ productId })
      if (stock < 0) return new NegativeStock({ productId, stock })
      return stock === state.stock ? [] : [StockUpdated.make({ productId, stock })]
    },
    ChangePrice: ({ approved = false, price, productId }, state) => {
      if (state._tag === "Absent") return new UnknownProduct({ productId })
      if (price.amount <= 0) return new PriceNotPositive({ productId, price })
      if (sameMoney(price, state.price)) return []
      return approved || isModest(state.price, price)
        ? [PriceChanged.make({ productId, price })]
        : new PriceIncreaseNeedsApproval({ productId, from: state.price, to: price })
    },
    RecordProductView: ({ productId }, state) =>
      state._tag === "Absent" ? new UnknownProduct({ productId }) : [ProductViewed.make({ productId })]
  })

// internal

/** Nobody needs to be asked; amounts of different currencies do not compare. */
const isModest = (from: Money, to: Money): boolean =>
  from.currency === to.currency && to.amount <= 2 * from.amount
