import { describe, expect, it } from "vitest"
import type { Score } from "../../bench/Contest.ts"
import * as Figures from "../../bench/Figures.ts"

const score = (name: Score["name"], speeds: ReadonlyArray<number>, setting = "FULL"): Score => ({
  row: "append",
  case: "1 event",
  unit: "commits",
  name,
  setting,
  rounds: speeds.map((speed, round) => ({ speed, cpu: 10 * (round + 1), memory: 1000 * (round + 1) }))
})

describe("figures", () => {
  it("are the middle, the ends, and the last of what only grows", () => {
    const [figures] = Figures.from([score("everfold", [30, 10, 20])])
    expect(figures).toMatchObject({ median: 20, min: 10, max: 30, cpu: 20, memory: 3000 })
    expect(figures).not.toHaveProperty("ofEqual")
  })

  it("compare rounds that lie side by side, not the middles of all", () => {
    // A slow moment in the first round: as middles they would differ by much more.
    const [, figures] = Figures.from([score("equal", [10, 100, 200]), score("everfold", [5, 50, 100])])
    expect(figures).toMatchObject({ median: 50, ofEqual: 0.5 })
    const [, slow] = Figures.from([score("equal", [10, 100, 100]), score("everfold", [9, 10, 90])])
    expect(slow?.ofEqual).toBe(0.9)
  })

  it("have their reference in the same setting", () => {
    const [, figures] = Figures.from([score("bare", [10], "NORMAL"), score("everfold", [5])])
    expect(figures).not.toHaveProperty("ofBare")
  })

  it("have a middle between two", () => {
    expect(Figures.median([4, 1, 2, 3])).toBe(2.5)
  })
})
