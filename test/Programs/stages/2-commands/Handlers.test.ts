import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Sqlite from "../../../../src/Programs/stages/1-table/Sqlite.ts"
import * as CommandFile from "../../../../src/Programs/stages/2-commands/CommandFile.ts"
import * as CommandHandler from "../../../../src/Programs/stages/2-commands/CommandHandler.ts"
import {
  ChangePrice,
  CreateProduct,
  RecordProductView,
  UpdateStock
} from "../../../../src/Programs/stages/2-commands/Commands.ts"
import * as Shop from "../../../../src/Programs/stages/2-commands/Shop.ts"
import { inFolder } from "../inFolder.ts"

const lamp = CreateProduct.make({
  name: "Lamp",
  description: "It shines.",
  price: 1000,
  costPrice: 400,
  supplierId: 1,
  stock: 3
})

const withLamp = Effect.tap(Shop.open("shop.db"), ({ commands }) => commands.handle(lamp))

describe("the handler of commands", () => {
  it.effect.each([
    [{ ...lamp, stock: -1 }, "NegativeStock", "there cannot be -1 units in stock"],
    [{ ...lamp, price: 0 }, "PriceNotPositive", "a price cannot be 0"],
    [UpdateStock.make({ productId: 1, stock: -1 }), "NegativeStock", "there cannot be -1 units in stock"],
    [UpdateStock.make({ productId: 2, stock: 1 }), "UnknownProduct", "there is no product 2"],
    [ChangePrice.make({ productId: 1, price: 0 }), "PriceNotPositive", "a price cannot be 0"],
    [ChangePrice.make({ productId: 2, price: 1 }), "UnknownProduct", "there is no product 2"],
    [RecordProductView.make({ productId: 2 }), "UnknownProduct", "there is no product 2"]
  ] as const)("refuses %j, and changes nothing", ([command, tag, message]) =>
    inFolder(
      Effect.gen(function* () {
        const { commands, sql } = yield* withLamp
        const before = yield* sql`select * from products`
        const error = yield* Effect.flip(commands.handle(command))
        expect([error._tag, error.message]).toEqual([tag, message])
        expect(yield* sql`select * from products`).toEqual(before)
      })
    )
  )

  it.effect("does what it is asked for, and says for which product", () =>
    inFolder(
      Effect.gen(function* () {
        const { commands, queries } = yield* withLamp
        expect(yield* commands.handle({ ...lamp, name: "Desk" })).toBe(2)
        yield* commands.handle(UpdateStock.make({ productId: 1, stock: 0 }))
        yield* commands.handle(ChangePrice.make({ productId: 1, price: 900 }))
        expect(yield* commands.handle(RecordProductView.make({ productId: 1 }))).toBe(1)
        expect(yield* queries.getProductDetail(1)).toEqual(
          Option.some({
            id: 1,
            name: "Lamp",
            description: "It shines.",
            price: 900,
            stock: 0,
            viewCount: 1
          })
        )
        expect((yield* queries.listProducts()).map(({ inStock, name }) => [name, inStock])).toEqual([
          ["Desk", true],
          ["Lamp", false]
        ])
      })
    )
  )
})

describe("the handler of queries", () => {
  it.effect("has a connection that refuses each command that would write", () =>
    inFolder(
      Effect.gen(function* () {
        const { queries, reader } = yield* withLamp
        const { handle } = CommandHandler.make(reader)
        const commands = [
          lamp,
          UpdateStock.make({ productId: 1, stock: 0 }),
          RecordProductView.make({ productId: 1 })
        ]
        const errors = yield* Effect.forEach(commands, (command) => Effect.flip(handle(command)))
        expect(errors.map(({ _tag }) => _tag)).toEqual(["SqlError", "SqlError", "SqlError"])
        expect(errors.map(Sqlite.reason)).toEqual(errors.map(() => "attempt to write a readonly database"))
        expect(yield* queries.getProductCard(1)).toEqual(
          Option.some({ id: 1, name: "Lamp", price: 1000, inStock: true })
        )
      })
    )
  )

  it.effect("knows nothing of a product that is not there", () =>
    inFolder(
      Effect.gen(function* () {
        const { queries } = yield* withLamp
        expect(yield* queries.getProductDetail(2)).toEqual(Option.none())
        expect(yield* queries.getProductCard(2)).toEqual(Option.none())
      })
    )
  )
})

describe("the file of commands", () => {
  it.effect("gives back what was written, in order", () =>
    inFolder(
      Effect.gen(function* () {
        const file = yield* CommandFile.make("commands.jsonl")
        yield* Effect.forEach(Shop.day, file.append)
        const lines = yield* file.lines
        expect(lines.map(CommandFile.door.decode)).toEqual(Shop.day.map((command) => Either.right(command)))
      })
    )
  )

  it.each([
    ['{"_tag":"UpdateStock","productId":1,"stock":1,"by":"ann"}', "Mismatch"],
    ['{"_tag":"UpdateStock","productId":1,"stock":1,"stock":2}', "DuplicateKey"],
    ['{"_tag":"UpdateStock","productId":"1","stock":1}', "Mismatch"],
    ['{"_tag":"UpdateStock","productId":0,"stock":1}', "Mismatch"],
    ['{"_tag":"DeleteProduct","productId":1}', "Mismatch"],
    ["update stock", "NotJson"]
  ])("is text from outside: %s is refused", (line, reason) => {
    const read = CommandFile.door.decode(line)
    expect(Either.isLeft(read) && read.left.reason).toBe(reason)
  })
})
