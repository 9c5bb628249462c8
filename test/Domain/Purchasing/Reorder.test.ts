import { Aggregate } from "everfold"
import * as Either from "effect/Either"
import { describe, expect, expectTypeOf, it } from "vitest"
import { OrderNotOpen } from "../../../src/Domain/Purchasing/Rejections.ts"
import { Reorder } from "../../../src/Domain/Purchasing/Reorder.ts"
import { OrderId } from "../../../src/Domain/Purchasing/Values.ts"
import { fulfil, fulfilled, orderId, place, placed, productId } from "./samples.ts"

const given = (...events: ReadonlyArray<Aggregate.Event<typeof Reorder>>) =>
  Aggregate.given(Reorder, ...events)
const other = OrderId.make("another")

describe("PlaceReorder", () => {
  it("places an order whose id comes from the command", () => {
    expect(given().when(place())).toEqual(Either.right([placed()]))
    expect(given().when(place(), { now: 0, id: (n) => `command-1.${n}` })).toEqual(
      Either.right([placed(46, OrderId.make("command-1.0"))])
    )
  })

  it("has nothing to do while an order is open", () => {
    expect(given(placed()).when(place(47))).toEqual(Either.right([]))
  })

  it("places another one when the first has arrived", () => {
    expect(given(placed(46, other), fulfilled(other)).when(place())).toEqual(Either.right([placed()]))
  })
})

describe("FulfilReorder", () => {
  it("ends the open order", () => {
    expect(given(placed()).when(fulfil())).toEqual(Either.right([fulfilled()]))
  })

  it.each([
    ["was never placed", []],
    ["is another one", [placed(46, other)]],
    ["has arrived already", [placed(), fulfilled()]]
  ])("refuses an order that %s", (_, events) => {
    expect(given(...events).when(fulfil())).toEqual(Either.left(new OrderNotOpen({ productId, orderId })))
  })

  it("says why", () => {
    expect(new OrderNotOpen({ productId, orderId }).message).toBe(
      "order id-0 of product widget-1 is not open"
    )
  })
})

describe("types", () => {
  it("know that placing is never refused", () => {
    expectTypeOf<Aggregate.RejectionOf<typeof Reorder, ReturnType<typeof place>>>().toBeNever()
    expectTypeOf<
      Aggregate.RejectionOf<typeof Reorder, ReturnType<typeof fulfil>>
    >().toEqualTypeOf<OrderNotOpen>()
  })
})
