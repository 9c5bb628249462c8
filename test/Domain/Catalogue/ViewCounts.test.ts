import { Projection } from "everfold"
import { describe, expect, it } from "vitest"
import { ViewCounts } from "../../../src/Domain/Catalogue/ViewCounts.ts"
import { ProductId } from "../../../src/Domain/Catalogue/Values.ts"
import { productId, viewed } from "./samples.ts"

describe("ViewCounts", () => {
  it("counts the views of each product", () => {
    const other = ProductId.make("gadget-1")
    expect(Projection.run(ViewCounts, [viewed(), viewed(other), viewed()])).toEqual(
      new Map([
        [productId, { productId, views: 2 }],
        [other, { productId: other, views: 1 }]
      ])
    )
  })

  it("has no row for what nobody has looked at", () => {
    expect(Projection.run(ViewCounts, []).size).toBe(0)
  })
})
