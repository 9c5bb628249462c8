/** The page on performance, and its charts, from what a run of the bench has found. */
import * as Chart from "./Chart.ts"
import type { Absence, Effort } from "./Contest.ts"
import type { Figures } from "./Figures.ts"
import type { Goal } from "./Goals.ts"
import * as Verdict from "./growth/Verdict.ts"
import type { Machine } from "./Machine.ts"
import * as Charts from "./PerformanceCharts.ts"
import * as Tables from "./PerformanceTables.ts"
import * as Reach from "./Reach.ts"
import * as Text from "./PerformanceText.ts"

/** What a run of the bench has found. */
export interface Findings {
  readonly machine: Machine
  readonly effort: Effort
  readonly figures: ReadonlyArray<Figures>
  readonly absences: ReadonlyArray<Absence>
}

/** The text of each file, by its path in the repository. */
export const files = (findings: Findings, goals: ReadonlyArray<Goal>): Readonly<Record<string, string>> => {
  const { figures } = findings
  const drawings = [...Charts.growth(figures), ...Charts.writers(figures)]
  return Object.fromEntries([
    ["docs/performance.md", page(findings, goals)],
    ...drawings.map(({ chart, file }) => [`docs/performance/${file}`, Chart.draw(chart)])
  ])
}

// internal

type Lines = ReadonlyArray<string>

const page = (findings: Findings, goals: ReadonlyArray<Goal>): string => {
  const { absences, effort, figures, machine } = findings
  const outcomes = Reach.outcomes(goals, { scores: figures, absences })
  return [
    ...Text.opening,
    ...Text.goals(outcomes),
    ...Tables.goals(outcomes),
    ...section("What is short or missing, and why", Tables.reasons(outcomes)),
    ...growth(figures),
    ...section("Several writers at once", pictures(Charts.writers(figures)), Text.writers),
    "## All figures",
    "",
    ...Text.figures,
    ...rows(figures),
    ...Tables.absences(absences),
    ...Text.machine(machine, effort)
  ]
    .join("\n")
    .trimEnd()
    .concat("\n")
}

/** Nothing is said of what was not found. */
const section = (title: string, lines: Lines, introduction: Lines = []): Lines =>
  lines.length === 0 ? [] : [`## ${title}`, "", ...introduction, ...lines]

const growth = (figures: ReadonlyArray<Figures>): Lines => {
  const verdicts = Verdict.of(figures)
  if (verdicts.length === 0) return []
  const table = Tables.growth(verdicts, ({ row, ...verdict }) => titleOf(row, verdict.case))
  return section("As the log grows", [...table, ...pictures(Charts.growth(figures))], Text.growth)
}

const titleOf = (row: string, work: string): string =>
  Charts.works.find((one) => one.row === row && one.case === work)?.title ?? work

const pictures = (drawings: ReadonlyArray<Charts.Drawing>): Lines =>
  drawings.flatMap(({ chart: { title, y }, file }) => [`![${title}: ${y}](performance/${file})`, ""])

const rows = (figures: ReadonlyArray<Figures>): Lines =>
  [...new Set(figures.map(({ row }) => row))].flatMap((name) => [
    `### ${name}`,
    "",
    ...Text.row(name),
    ...Tables.row(figures.filter(({ row }) => row === name))
  ])
