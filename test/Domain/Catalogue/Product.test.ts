import { Aggregate, type CommandHandler, type Commit, type StoreError } from "everfold"
import type * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { describe, expect, expectTypeOf, it } from "vitest"
import { Product } from "../../../src/Domain/Catalogue/Product.ts"
import {
  NegativeStock,
  PriceIncreaseNeedsApproval,
  PriceNotPositive,
  ProductAlreadyExists,
  UnknownProduct
} from "../../../src/Domain/Catalogue/Rejections.ts"
import {
  changePrice,
  create,
  created,
  eur,
  priceChanged,
  productId,
  stockUpdated,
  updateStock,
  view,
  viewed
} from "./samples.ts"

const given = (...events: ReadonlyArray<Aggregate.Event<typeof Product>>) =>
  Aggregate.given(Product, ...events)

describe("CreateProduct", () => {
  it("lists a product", () => {
    expect(given().when(create())).toEqual(Either.right([created()]))
  })

  it("keeps a description", () => {
    const description = "Does what widgets do."
    expect(given().when(create({ description }))).toEqual(Either.right([created({ description })]))
  })

  it("may begin without stock", () => {
    expect(given().when(create({ stock: 0 }))).toEqual(Either.right([created({ stock: 0 })]))
  })

  it("refuses an id that is taken", () => {
    expect(given(created()).when(create())).toEqual(Either.left(new ProductAlreadyExists({ productId })))
  })

  it("refuses a negative stock", () => {
    expect(given().when(create({ stock: -1 }))).toEqual(
      Either.left(new NegativeStock({ productId, stock: -1 }))
    )
  })

  it.each([0, -1])("refuses a price of %i", (amount) => {
    const price = eur(amount)
    expect(given().when(create({ price }))).toEqual(Either.left(new PriceNotPositive({ productId, price })))
  })
})

describe("UpdateStock", () => {
  it("says how many there are now", () => {
    expect(given(created()).when(updateStock(8))).toEqual(Either.right([stockUpdated(8)]))
  })

  it("may leave nothing", () => {
    expect(given(created()).when(updateStock(0))).toEqual(Either.right([stockUpdated(0)]))
  })

  it("records nothing when nothing changes", () => {
    expect(given(created(), stockUpdated(8)).when(updateStock(8))).toEqual(Either.right([]))
  })

  it("refuses a negative stock", () => {
    expect(given(created()).when(updateStock(-1))).toEqual(
      Either.left(new NegativeStock({ productId, stock: -1 }))
    )
  })

  it("refuses a product that does not exist", () => {
    expect(given().when(updateStock(8))).toEqual(Either.left(new UnknownProduct({ productId })))
  })
})

describe("ChangePrice", () => {
  it.each([2499, 5998])("to %i, at most twice what it was, needs nobody", (amount) => {
    expect(given(created()).when(changePrice(amount))).toEqual(Either.right([priceChanged(amount)]))
  })

  it("to more than twice of what it was needs approval", () => {
    expect(given(created()).when(changePrice(5999))).toEqual(
      Either.left(new PriceIncreaseNeedsApproval({ productId, from: eur(2999), to: eur(5999) }))
    )
    expect(given(created()).when(changePrice(5999, { approved: true }))).toEqual(
      Either.right([priceChanged(5999)])
    )
  })

  it("compares with the newest price", () => {
    expect(given(created(), priceChanged(3000)).when(changePrice(6000))).toEqual(
      Either.right([priceChanged(6000)])
    )
  })

  it("to another currency needs approval, whatever the amount", () => {
    const price = { amount: 1, currency: "JPY" }
    expect(given(created()).when(changePrice(0, { price }))).toEqual(
      Either.left(new PriceIncreaseNeedsApproval({ productId, from: eur(2999), to: price }))
    )
    const approved = given(created()).when(changePrice(0, { price, approved: true }))
    expect(approved).toMatchObject(Either.right([{ _tag: "PriceChanged", price }]))
  })

  it("records nothing when nothing changes", () => {
    expect(given(created()).when(changePrice(2999))).toEqual(Either.right([]))
  })

  it.each([0, -1])("refuses a price of %i, approved or not", (amount) => {
    const refused = Either.left(new PriceNotPositive({ productId, price: eur(amount) }))
    expect(given(created()).when(changePrice(amount))).toEqual(refused)
    expect(given(created()).when(changePrice(amount, { approved: true }))).toEqual(refused)
  })

  it("refuses a product that does not exist", () => {
    expect(given().when(changePrice(2499))).toEqual(Either.left(new UnknownProduct({ productId })))
  })
})

describe("RecordProductView", () => {
  it("is recorded each time", () => {
    expect(given(created(), viewed()).when(view())).toEqual(Either.right([viewed()]))
  })

  it("refuses a product that does not exist", () => {
    expect(given().when(view())).toEqual(Either.left(new UnknownProduct({ productId })))
  })
})

describe("the state", () => {
  const after = (...events: ReadonlyArray<Aggregate.Event<typeof Product>>) =>
    Aggregate.replay(Product, events)

  it("is absent, then listed, and follows stock and price", () => {
    expect(after()).toEqual({ _tag: "Absent" })
    expect(after(created(), stockUpdated(8), priceChanged(2499), viewed())).toEqual({
      _tag: "Listed",
      name: "Widget Pro",
      price: eur(2499),
      stock: 8
    })
  })

  it("is not changed by an event that cannot have happened", () => {
    expect(after(stockUpdated(8), priceChanged(2499), viewed())).toEqual({ _tag: "Absent" })
    expect(after(created(), created({ name: "Another" }))).toEqual(after(created()))
  })
})

describe("messages", () => {
  it("are sentences", () => {
    expect([
      new ProductAlreadyExists({ productId }).message,
      new UnknownProduct({ productId }).message,
      new NegativeStock({ productId, stock: -1 }).message,
      new PriceNotPositive({ productId, price: eur(-5) }).message,
      new PriceIncreaseNeedsApproval({ productId, from: eur(449), to: { amount: 100, currency: "JPY" } })
        .message
    ]).toEqual([
      "product widget-1 exists already",
      "there is no product widget-1",
      "product widget-1 cannot have -1 units in stock",
      "product widget-1 cannot cost -0.05 EUR",
      "product widget-1 from 4.49 EUR to 100 JPY needs approval"
    ])
  })
})

describe("types", () => {
  type Refusal<C extends Aggregate.Command<typeof Product>> = Aggregate.RejectionOf<typeof Product, C>

  it("know the rejections of each command", () => {
    expectTypeOf<Refusal<ReturnType<typeof create>>>().toEqualTypeOf<
      ProductAlreadyExists | NegativeStock | PriceNotPositive
    >()
    expectTypeOf<Refusal<ReturnType<typeof updateStock>>>().toEqualTypeOf<UnknownProduct | NegativeStock>()
    expectTypeOf<Refusal<ReturnType<typeof changePrice>>>().toEqualTypeOf<
      UnknownProduct | PriceNotPositive | PriceIncreaseNeedsApproval
    >()
    expectTypeOf<Refusal<ReturnType<typeof view>>>().toEqualTypeOf<UnknownProduct>()
  })

  it("make them the errors of handle", () => {
    type Failure<C extends Aggregate.Command<typeof Product>> = Effect.Effect.Error<
      ReturnType<typeof CommandHandler.handle<typeof Product, C>>
    >
    type Infrastructure = Commit.VersionConflict | Commit.CommandIdReused | StoreError.StoreError
    expectTypeOf<Failure<ReturnType<typeof view>>>().toEqualTypeOf<UnknownProduct | Infrastructure>()
    expectTypeOf<Failure<ReturnType<typeof updateStock>>>().toEqualTypeOf<
      UnknownProduct | NegativeStock | Infrastructure
    >()
  })
})
