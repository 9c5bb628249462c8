import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import * as Comparison from "../../bench/Comparison.ts"
import { type Goal, goals } from "../../bench/Goals.ts"
import * as Ratios from "../../bench/Ratios.ts"
import type { Outcome } from "../../bench/Reach.ts"

const ref = { row: "append", case: "1 event", name: "everfold", setting: "FULL" } as const

const outcome = (reach: Goal["reach"], ratio: number): Outcome => ({
  goal: { work: "append", against: "equal", score: ref, reference: ref, reach },
  ratio: { median: ratio, min: ratio, max: ratio },
  verdict: "reached"
})

const lossOf = (reach: Goal["reach"], before: number, now: number) => {
  const [comparison] = Comparison.compare({ "append | equal": before }, [outcome(reach, now)])
  return comparison && { loss: comparison.loss.toFixed(2), lost: Comparison.isLost(comparison) }
}

describe("the guard", () => {
  it("allows a loss of 30 %, and no more", () => {
    expect(lossOf({ atLeast: 1 }, 1, 0.75)).toEqual({ loss: "0.25", lost: false })
    expect(lossOf({ atLeast: 1 }, 1, 0.65)).toEqual({ loss: "0.35", lost: true })
    expect(lossOf({ atLeast: 1 }, 1, 2)).toEqual({ loss: "-1.00", lost: false })
  })

  it("knows that less is more where a goal is a bound from above", () => {
    expect(lossOf({ atMost: 3 }, 2, 2.5)).toEqual({ loss: "0.20", lost: false })
    expect(lossOf({ atMost: 3 }, 2, 4)).toEqual({ loss: "0.50", lost: true })
  })

  it("compares what both runs have, and says what was lost", () => {
    const now = [outcome({ atLeast: 1 }, 0.5)]
    expect(Comparison.compare({}, now)).toEqual([])
    expect(Comparison.print(Comparison.compare({ "append | equal": 1 }, now))).toMatch(
      /-50 % {2}lost\n1 ratios/
    )
    expect(Ratios.of(now)).toEqual({ "append | equal": 0.5 })
  })

  it("has a committed ratio for goals that there are", () => {
    const file = new URL("../../bench/ratios.json", import.meta.url)
    const committed: Ratios.Ratios = JSON.parse(readFileSync(file, "utf8"))
    expect(Object.keys(committed).length).toBeGreaterThan(0)
    expect(goals.map(Ratios.nameOf)).toEqual(expect.arrayContaining(Object.keys(committed)))
  })
})
