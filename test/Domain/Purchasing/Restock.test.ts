import { Event } from "everfold"
import { describe, expect, it } from "vitest"
import { Restock } from "../../../src/Domain/Purchasing/Restock.ts"
import { created, stockUpdated } from "../Catalogue/samples.ts"
import { place } from "./samples.ts"

const commands = (event: ReturnType<typeof created> | ReturnType<typeof stockUpdated>) =>
  Event.record([event]).flatMap((recorded) => Restock.react(recorded))

describe("Restock", () => {
  it.each([
    [0, 50],
    [4, 46]
  ])("answers a stock of %i with an order of %i", (stock, quantity) => {
    expect(commands(stockUpdated(stock))).toEqual([place(quantity)])
    expect(commands(created({ stock }))).toEqual([place(quantity)])
  })

  it.each([5, 100])("leaves a stock of %i alone", (stock) => {
    expect(commands(stockUpdated(stock))).toEqual([])
    expect(commands(created({ stock }))).toEqual([])
  })
})
