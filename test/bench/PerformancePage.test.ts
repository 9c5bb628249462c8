import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import type { Figures } from "../../bench/Figures.ts"
import { from } from "../../bench/Figures.ts"
import type { Goal } from "../../bench/Goals.ts"
import { goals } from "../../bench/Goals.ts"
import * as Charts from "../../bench/PerformanceCharts.ts"
import * as PerformancePage from "../../bench/PerformancePage.ts"
import * as Text from "../../bench/PerformanceText.ts"
import { rows } from "../../bench/Rows.ts"

const root = join(import.meta.dirname, "../..")
const read = (file: string) => readFileSync(join(root, file), "utf8")

/** Scores of 100, 200 and 400 units per second, times a factor. */
const score = (row: string, work: string, name: Figures["name"], setting: string, times: number) => ({
  row,
  case: work,
  unit: "commits",
  name,
  setting,
  rounds: [100, 200, 400].map((speed) => ({ speed: speed * times, cpu: 1e4 / times, memory: 8e7 }))
})

const findings: PerformancePage.Findings = {
  machine: { node: "v20", platform: "linux", arch: "x64", cpu: "A processor", cpus: 2 },
  effort: { warmup: 1, rounds: 3, share: 1 },
  figures: from([
    score("append", "1 event", "equal", "FULL", 4),
    score("append", "1 event", "everfold", "FULL", 3),
    score("growth", "1 event", "everfold", "1,000 events", 10),
    score("growth", "1 event", "everfold", "10,000 events", 8),
    score("writers", "1 writer", "everfold", "FULL", 1),
    score("writers", "10 writers", "everfold", "FULL", 7)
  ]),
  absences: [{ row: "append", name: "act", setting: "FULL", why: "not installed" }]
}

const goal = (atLeast: number, reference: Figures["name"], why?: string): Goal => ({
  work: "an append",
  against: `${reference}, ${atLeast}`,
  score: { row: "append", case: "1 event", name: "everfold", setting: "FULL" },
  reference: { row: "append", case: "1 event", name: reference, setting: "FULL" },
  reach: { atLeast },
  ...(why === undefined ? {} : { why })
})

const page = (some: ReadonlyArray<Goal>, found = findings): string =>
  PerformancePage.files(found, some)["docs/performance.md"] ?? ""

const lineWith = (text: string, part: string): string =>
  text.split("\n").find((line) => line.includes(part)) ?? ""

describe("PerformancePage", () => {
  it("says of each goal what it was measured to be, and whether that is enough", () => {
    const text = page([goal(0.7, "equal"), goal(0.8, "equal"), goal(2, "act")])
    expect(lineWith(text, "equal, 0.7")).toMatch(/at least 0.7 +\| +0.75 \| 0.75 – 0.75 \| reached/)
    expect(lineWith(text, "equal, 0.8")).toMatch(/at least 0.8 +\| +0.75 \| 0.75 – 0.75 \| \*\*short\*\*/)
    expect(lineWith(text, "act, 2")).toMatch(/at least 2 +\| +\| +\| not measured/)
    expect(text).toContain("Of 3 goals 1 are reached, 1 are short, and 1 were not measured.")
  })

  it("gives the reason of what is short or was not measured, and of nothing else", () => {
    const text = page([goal(0.7, "equal", "hidden"), goal(0.8, "equal", "two syncs."), goal(2, "act")])
    expect(text).toContain("- an append (equal, 0.8): two syncs.")
    expect(text).toContain("- an append (act, 2): not measured: act (FULL): not installed")
    expect(text).not.toContain("hidden")
  })

  it("says by how much a longer log costs more", () =>
    expect(lineWith(page([]), "1,000 events to 10,000 events")).toContain("| × 1.25 | 1.25 – 1.25 |"))

  it("shows each chart that it draws", () => {
    const files = PerformancePage.files(findings, [])
    const charts = Object.keys(files).filter((file) => file.endsWith(".svg"))
    expect(charts).toEqual(["docs/performance/append.svg", "docs/performance/writers.svg"])
    for (const chart of charts) expect(page([])).toContain(`](${chart.replace("docs/", "")})`)
  })

  it("says nothing of what was not measured", () => {
    const found = { ...findings, figures: findings.figures.slice(0, 2) }
    expect(page([], found)).not.toContain("As the log grows")
    expect(page([], found)).not.toContain("Several writers")
    expect(page([goal(0.7, "equal")], found)).not.toContain("What is short")
  })

  it("knows what each row of the bench is about, and charts only what is measured", () => {
    expect(rows.filter(({ name }) => Text.row(name).length === 0)).toEqual([])
    const isMeasured = ({ case: work, row }: (typeof Charts.works)[number]) =>
      rows.some(({ cases, name }) => name === row && Object.keys(cases).includes(work))
    expect(Charts.works.filter((one) => !isMeasured(one))).toEqual([])
  })
})

// When this fails because a goal, a reason or a text has changed: npm run bench:document.

describe("docs/performance.md", () => {
  const written = () => PerformancePage.files(JSON.parse(read("bench/figures.json")), goals)

  it("and its charts are what the figures say", () => {
    const files = written()
    for (const [file, text] of Object.entries(files)) expect(read(file), file).toBe(text)
    const drawn = readdirSync(join(root, "docs/performance")).map((file) => `docs/performance/${file}`)
    expect(Object.keys(files)).toEqual(expect.arrayContaining(drawn))
  })

  it("has every goal", () => {
    const lines = (written()["docs/performance.md"] ?? "").split("\n").filter((line) => line.startsWith("| "))
    const shown = (goal: Goal) =>
      lines.some((line) => line.includes(goal.work) && line.includes(goal.against))
    expect(goals.filter((goal) => !shown(goal))).toEqual([])
  })
})
