import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Sqlite from "../../../../src/Programs/stages/1-table/Sqlite.ts"
import {
  ChangePrice,
  RecordProductView,
  UpdateStock
} from "../../../../src/Programs/stages/2-commands/Commands.ts"
import { AddSupplier, RenameSupplier } from "../../../../src/Programs/stages/3-read-models/Commands.ts"
import * as Shop from "../../../../src/Programs/stages/3-read-models/Shop.ts"
import { inFolder } from "../inFolder.ts"

const filled = Effect.tap(Shop.open, Shop.fill)

/** Everything that readers see, and which commands it knows of. */
const contents = ({ reader }: Shop.Shop) =>
  Effect.all({
    detail: reader`select * from product_detail order by id`,
    list: reader`select * from product_list order by id`,
    projected: reader<{ position: number }>`select position from projected order by position`
  })

const positions = (commands: ReadonlyArray<{ readonly position: number }>) =>
  commands.map(({ position }) => position)

describe("the projector", () => {
  it.effect("shows what was written, with the name of the supplier", () =>
    inFolder(
      Effect.gen(function* () {
        const shop = yield* filled
        yield* shop.send(UpdateStock.make({ productId: 2, stock: 8 }))
        yield* shop.send(ChangePrice.make({ productId: 2, price: 4499 }))
        yield* shop.send(RecordProductView.make({ productId: 2 }))
        expect(yield* shop.queries.getProductDetail(2)).toEqual(
          Option.some({
            id: 2,
            name: "Gadget Plus",
            description: null,
            price: 4499,
            stock: 8,
            viewCount: 1,
            supplierName: "Acme Corp"
          })
        )
      })
    )
  )

  it.effect("may do the same twice", () =>
    inFolder(
      Effect.gen(function* () {
        const shop = yield* filled
        const handled = yield* shop.handle(RenameSupplier.make({ supplierId: 7, name: "Ajax Ltd" }))
        yield* shop.projector.project(handled)
        const once = yield* contents(shop)
        yield* shop.projector.project(handled)
        expect(yield* contents(shop)).toEqual(once)
        expect((yield* shop.queries.listProducts()).map(({ supplierName }) => supplierName)).toEqual([
          "Ajax Ltd",
          "Ajax Ltd"
        ])
      })
    )
  )

  it.effect("touches the products of the renamed supplier only", () =>
    inFolder(
      Effect.gen(function* () {
        const shop = yield* filled
        yield* shop.send(AddSupplier.make({ supplierId: 8, name: "Bolts Inc" }))
        yield* shop.send(Shop.product("Bolt", 10, 1000, 8))
        yield* shop.handle(UpdateStock.make({ productId: 1, stock: 1 }))
        yield* shop.send(RenameSupplier.make({ supplierId: 8, name: "Bolts Ltd" }))
        const list = yield* shop.queries.listProducts()
        expect(list.map(({ stock, supplierName }) => [stock, supplierName])).toEqual([
          [1000, "Bolts Ltd"],
          [15, "Acme Corp"],
          [100, "Acme Corp"]
        ])
      })
    )
  )

  it.effect("writes into both tables or into none", () =>
    inFolder(
      Effect.gen(function* () {
        const shop = yield* filled
        const before = yield* contents(shop)
        yield* shop.read`
          create trigger full before insert on product_list begin select raise(abort, 'no room'); end`
        const error = yield* Effect.flip(shop.send(UpdateStock.make({ productId: 1, stock: 1 })))
        expect(Sqlite.reason(error)).toBe("no room")
        expect(yield* contents(shop)).toEqual(before)
        expect(positions(yield* shop.projector.missing)).toEqual([4])
      })
    )
  )

  it.effect("writes nothing while the file is locked", () =>
    inFolder(
      Effect.gen(function* () {
        const shop = yield* filled
        const before = yield* contents(shop)
        const other = yield* Sqlite.open("read.db")
        yield* other`begin immediate`
        const handled = yield* shop.handle(UpdateStock.make({ productId: 1, stock: 1 }))
        const error = yield* Effect.flip(shop.projector.project(handled))
        expect(Sqlite.reason(error)).toBe("database is locked")
        yield* other`rollback`
        expect(yield* contents(shop)).toEqual(before)
        yield* shop.projector.project(handled)
        expect(yield* Shop.stocks(shop, 1)).toBe("write.db says 1, readers see 1")
      })
    )
  )
})

describe("what was not projected", () => {
  const late = Effect.gen(function* () {
    const shop = yield* filled
    yield* shop.handle(UpdateStock.make({ productId: 1, stock: 1 }))
    yield* shop.send(UpdateStock.make({ productId: 2, stock: 2 }))
    yield* shop.handle(RenameSupplier.make({ supplierId: 7, name: "Ajax Ltd" }))
    return shop
  })

  it.effect("is known, and is all that is caught up", () =>
    inFolder(
      Effect.gen(function* () {
        const { projector } = yield* late
        expect(positions(yield* projector.missing)).toEqual([4, 6])
        yield* projector.catchUp
        expect(yield* projector.missing).toEqual([])
      })
    )
  )

  it.effect("comes out the same by catching up and by a rebuild", () =>
    inFolder(
      Effect.gen(function* () {
        const shop = yield* late
        yield* shop.projector.catchUp
        const caughtUp = yield* contents(shop)
        yield* shop.projector.rebuild
        expect(yield* contents(shop)).toEqual(caughtUp)
        expect(positions(caughtUp.projected)).toEqual([1, 2, 3, 4, 5, 6])
      })
    )
  )
})

describe("a command that is refused", () => {
  it.effect.each([
    [Shop.product("Gizmo", 999, 1, 99), "UnknownSupplier"],
    [RenameSupplier.make({ supplierId: 99, name: "Nobody" }), "UnknownSupplier"],
    [UpdateStock.make({ productId: 9, stock: 1 }), "UnknownProduct"]
  ] as const)("%j was not handled", ([command, tag]) =>
    inFolder(
      Effect.gen(function* () {
        const { handle, write } = yield* filled
        expect((yield* Effect.flip(handle(command)))._tag).toBe(tag)
        expect(yield* write`select position from commands`).toHaveLength(3)
        expect(yield* write`select id from products`).toHaveLength(2)
      })
    )
  )
})
