import { Aggregate, type CommandHandler, type Commit, type StoreError } from "everfold"
import type * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { describe, expect, expectTypeOf, it } from "vitest"
import {
  AllocatedOtherwise,
  BatchAlreadyExists,
  UnknownBatch,
  UnknownSku
} from "../../../src/Domain/Allocation/Rejections.ts"
import { Stock } from "../../../src/Domain/Allocation/Stock.ts"
import {
  allocate,
  allocated,
  batchCreated,
  changeQuantity,
  createBatch,
  deallocated,
  order,
  outOfStock,
  quantityChanged,
  ref,
  sku
} from "./samples.ts"

const given = (...events: ReadonlyArray<Aggregate.Event<typeof Stock>>) => Aggregate.given(Stock, ...events)
const then = (...events: ReadonlyArray<Aggregate.Event<typeof Stock>>) => Either.right(events)

describe("CreateBatch", () => {
  it("adds a batch, in the warehouse or on its way", () => {
    expect(given().when(createBatch("b1", 10))).toEqual(then(batchCreated("b1", 10)))
    const eta = { eta: "2026-03-01" }
    expect(given(batchCreated("b1", 10)).when(createBatch("b2", 5, eta))).toEqual(
      then(batchCreated("b2", 5, eta))
    )
  })

  it("refuses a reference that is taken", () => {
    expect(given(batchCreated("b1", 10)).when(createBatch("b1", 20))).toEqual(
      Either.left(new BatchAlreadyExists({ sku, batchRef: ref("b1") }))
    )
  })
})

describe("Allocate", () => {
  it("takes from a batch, and says which", () => {
    expect(given(batchCreated("b1", 100)).when(allocate("o1", 10))).toEqual(then(allocated("o1", 10, "b1")))
  })

  it("takes what lies in the warehouse first, whenever it was bought", () => {
    const shipment = batchCreated("ship", 100, { eta: "2026-03-01" })
    for (const history of [
      [shipment, batchCreated("shelf", 100)],
      [batchCreated("shelf", 100), shipment]
    ])
      expect(given(...history).when(allocate("o1", 10))).toEqual(then(allocated("o1", 10, "shelf")))
  })

  it("takes what arrives earliest, then by reference", () => {
    const history = [
      batchCreated("later", 100, { eta: "2026-04-01" }),
      batchCreated("b", 100, { eta: "2026-03-01" }),
      batchCreated("a", 100, { eta: "2026-03-01" }),
      batchCreated("latest", 100, { eta: "2027-01-01" })
    ]
    expect(given(...history).when(allocate("o1", 10))).toEqual(then(allocated("o1", 10, "a")))
  })

  it("may empty a batch, and passes over one with too little", () => {
    const history = [batchCreated("shelf", 10), batchCreated("ship", 20, { eta: "2026-03-01" })]
    expect(given(...history).when(allocate("o1", 10))).toEqual(then(allocated("o1", 10, "shelf")))
    const emptied = [...history, allocated("o1", 10, "shelf")]
    expect(given(...emptied).when(allocate("o2", 1))).toEqual(then(allocated("o2", 1, "ship")))
    expect(given(...history).when(allocate("o1", 11))).toEqual(then(allocated("o1", 11, "ship")))
  })

  it("has nothing to do for a line that is allocated", () => {
    const history = [batchCreated("b1", 10), allocated("o1", 10, "b1")]
    expect(given(...history).when(allocate("o1", 10))).toEqual(then())
  })

  it("refuses another quantity for the same line", () => {
    const history = [batchCreated("b1", 100), allocated("o1", 10, "b1")]
    expect(given(...history).when(allocate("o1", 11))).toEqual(
      Either.left(new AllocatedOtherwise({ orderId: order("o1"), sku, allocated: 10, wanted: 11 }))
    )
  })

  it("refuses a sku that nobody knows", () => {
    expect(given().when(allocate("o1", 10))).toEqual(Either.left(new UnknownSku({ sku })))
  })
})

describe("out of stock", () => {
  const empty = [batchCreated("b1", 5), outOfStock("o1", 10, true)]

  it("is news, and no refusal", () => {
    expect(given(batchCreated("b1", 5)).when(allocate("o1", 10))).toEqual(then(outOfStock("o1", 10, true)))
  })

  it("does not split a line over two batches", () => {
    const history = [batchCreated("b1", 5), batchCreated("b2", 5)]
    expect(given(...history).when(allocate("o1", 10))).toEqual(then(outOfStock("o1", 10, true)))
  })

  it("is told once, whoever asks, until something comes in", () => {
    expect(given(...empty).when(allocate("o1", 10))).toEqual(then(outOfStock("o1", 10, false)))
    expect(given(...empty, allocated("o2", 5, "b1")).when(allocate("o3", 1))).toEqual(
      then(outOfStock("o3", 1, false))
    )
    for (const restocked of [batchCreated("b2", 1), quantityChanged("b1", 6)])
      expect(given(...empty, restocked).when(allocate("o1", 10))).toEqual(then(outOfStock("o1", 10, true)))
  })

  it("is told no sooner because a batch has shrunk", () => {
    expect(given(...empty, quantityChanged("b1", 4)).when(allocate("o1", 10))).toEqual(
      then(outOfStock("o1", 10, false))
    )
  })
})

describe("ChangeBatchQuantity", () => {
  const ship = { eta: "2026-03-01" }
  const history = [
    batchCreated("shelf", 20),
    batchCreated("ship", 20, ship),
    allocated("o1", 8, "shelf"),
    allocated("o2", 6, "shelf"),
    allocated("o3", 4, "shelf")
  ]

  it("says how many there are after all", () => {
    expect(given(...history).when(changeQuantity("shelf", 30))).toEqual(then(quantityChanged("shelf", 30)))
    expect(given(...history).when(changeQuantity("shelf", 18))).toEqual(then(quantityChanged("shelf", 18)))
  })

  it("gives the lines that came last to other batches", () => {
    expect(given(...history).when(changeQuantity("shelf", 17))).toEqual(
      then(deallocated("o3", 4, "shelf"), quantityChanged("shelf", 17), allocated("o3", 4, "ship"))
    )
  })

  it("lets a later line stay where an earlier one does not fit", () => {
    expect(given(...history).when(changeQuantity("shelf", 12))).toEqual(
      then(deallocated("o2", 6, "shelf"), quantityChanged("shelf", 12), allocated("o2", 6, "ship"))
    )
  })

  it("finds that there is no other batch, and tells it once", () => {
    expect(given(...history, allocated("o4", 14, "ship")).when(changeQuantity("shelf", 0))).toEqual(
      then(
        deallocated("o1", 8, "shelf"),
        deallocated("o2", 6, "shelf"),
        deallocated("o3", 4, "shelf"),
        quantityChanged("shelf", 0),
        outOfStock("o1", 8, true),
        allocated("o2", 6, "ship"),
        outOfStock("o3", 4, false)
      )
    )
  })

  it("has nothing to do when nothing changes", () => {
    expect(given(...history).when(changeQuantity("shelf", 20))).toEqual(then())
  })

  it("refuses what nobody knows", () => {
    expect(given(...history).when(changeQuantity("b9", 1))).toEqual(
      Either.left(new UnknownBatch({ sku, batchRef: ref("b9") }))
    )
    expect(given().when(changeQuantity("b9", 1))).toEqual(Either.left(new UnknownSku({ sku })))
  })
})

describe("the state", () => {
  const after = (...events: ReadonlyArray<Aggregate.Event<typeof Stock>>) => Aggregate.replay(Stock, events)
  const begun = [batchCreated("b1", 10), allocated("o1", 6, "b1")]

  it("is not changed by an event that cannot have happened", () => {
    for (const impossible of [
      batchCreated("b1", 99),
      allocated("o2", 5, "b1"),
      allocated("o1", 1, "b1"),
      allocated("o2", 1, "b9"),
      deallocated("o2", 1, "b1"),
      deallocated("o1", 6, "b9"),
      quantityChanged("b1", 5),
      quantityChanged("b9", 5)
    ])
      expect(after(...begun, impossible)).toEqual(after(...begun))
  })

  it("has no eta where there is none", () => {
    expect(after(...begun).batches).toEqual([
      { batchRef: "b1", quantity: 10, lines: [{ orderId: "o1", quantity: 6 }] }
    ])
  })
})

describe("messages", () => {
  it("are sentences", () => {
    expect([
      new UnknownSku({ sku }).message,
      new UnknownBatch({ sku, batchRef: ref("b9") }).message,
      new BatchAlreadyExists({ sku, batchRef: ref("b1") }).message,
      new AllocatedOtherwise({ orderId: order("o1"), sku, allocated: 10, wanted: 11 }).message
    ]).toEqual([
      "there is no sku LAMP",
      "sku LAMP has no batch b9",
      "sku LAMP has a batch b1 already",
      "order o1 has 10 units of LAMP already, and not 11"
    ])
  })
})

describe("types", () => {
  type Refusal<C extends Aggregate.Command<typeof Stock>> = Aggregate.RejectionOf<typeof Stock, C>

  it("know the rejections of each command; out of stock is none of them", () => {
    expectTypeOf<Refusal<ReturnType<typeof createBatch>>>().toEqualTypeOf<BatchAlreadyExists>()
    expectTypeOf<Refusal<ReturnType<typeof changeQuantity>>>().toEqualTypeOf<UnknownSku | UnknownBatch>()
    expectTypeOf<Refusal<ReturnType<typeof allocate>>>().toEqualTypeOf<UnknownSku | AllocatedOtherwise>()
  })

  it("make them the errors of handle", () => {
    type Failure = Effect.Effect.Error<
      ReturnType<typeof CommandHandler.handle<typeof Stock, ReturnType<typeof allocate>>>
    >
    expectTypeOf<Failure>().toEqualTypeOf<
      | UnknownSku
      | AllocatedOtherwise
      | Commit.VersionConflict
      | Commit.CommandIdReused
      | StoreError.StoreError
    >()
  })
})
