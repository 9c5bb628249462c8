import { describe, expect, it } from "vitest"
import type { Result, Score } from "../../bench/Contest.ts"
import { type Goal, goals } from "../../bench/Goals.ts"
import * as Reach from "../../bench/Reach.ts"
import * as ReachTable from "../../bench/ReachTable.ts"
import { rows } from "../../bench/Rows.ts"

const rounds = (speeds: ReadonlyArray<number>): Score["rounds"] =>
  speeds.map((speed) => ({ speed, cpu: 1, memory: speed }))

const score = (name: Score["name"], speeds: ReadonlyArray<number>): Score => ({
  row: "append",
  case: "1 event",
  unit: "commits",
  name,
  setting: "FULL",
  rounds: rounds(speeds)
})

const goal: Goal = {
  work: "single append",
  against: "equal by hand",
  score: { row: "append", case: "1 event", name: "everfold", setting: "FULL" },
  reference: { row: "append", case: "1 event", name: "equal", setting: "FULL" },
  reach: { atLeast: 0.75 }
}

const result: Result = { scores: [score("everfold", [8, 6, 9]), score("equal", [10, 10, 10])], absences: [] }

describe("goals", () => {
  it("are reached where the ratio in the middle is enough, and short where it is not", () => {
    expect(Reach.outcomes([goal], result)).toEqual([
      { goal, ratio: { median: 0.8, min: 0.6, max: 0.9 }, verdict: "reached" }
    ])
    const [high] = Reach.outcomes([{ ...goal, reach: { atLeast: 0.81 } }], result)
    expect(high?.verdict).toBe("short")
  })

  it("of seconds and of memory are bounds from above", () => {
    const seconds: Goal = { ...goal, measure: "seconds", reach: { atMost: 1.25 } }
    const memory: Goal = { ...goal, measure: "memory", reach: { atMost: 0.79 } }
    expect(Reach.outcomes([seconds, memory], result)).toMatchObject([
      { ratio: { median: 1.25 }, verdict: "reached" },
      { ratio: { median: 0.8 }, verdict: "short" }
    ])
  })

  it("say who is missing", () => {
    const alone: Result = {
      scores: [score("everfold", [8])],
      absences: [{ row: "append", name: "equal", setting: "FULL", why: "not installed" }]
    }
    expect(Reach.outcomes([goal], alone)).toEqual([
      { goal, verdict: "not measured", why: "equal (FULL): not installed" }
    ])
    expect(Reach.outcomes([goal], { scores: [], absences: [] })).toMatchObject([
      { verdict: "not measured", why: 'the row "append" was left out' }
    ])
  })

  it.each(goals)("$work, against $against: compare scores that the bench has", ({ reference, score }) => {
    for (const ref of [score, reference]) {
      const row = rows.find(({ name }) => name === ref.row)
      const entrant = row?.contenders.find(
        ({ name, settings }) => name === ref.name && settings.includes(ref.setting)
      )
      expect(entrant).toBeDefined()
      expect(entrant?.cases ?? Object.keys(row?.cases ?? {})).toContain(ref.case)
    }
    expect(score.row).toBe(reference.row)
  })

  it("have names of their own, and lines that fit on the screen", () => {
    const outcomes = goals.map((goal): Reach.Outcome => ({
      goal,
      verdict: "short",
      ratio: { median: 10, min: 10, max: 10 }
    }))
    const lines = ReachTable.print(outcomes).split("\n")
    expect(new Set(lines).size).toBe(goals.length + 1)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100)
  })
})
