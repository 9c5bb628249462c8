/** The tables of the page on performance. */
import * as Arr from "effect/Array"
import type { Absence } from "./Contest.ts"
import type { Figures } from "./Figures.ts"
import type { Goal } from "./Goals.ts"
import type { Verdict } from "./growth/Verdict.ts"
import * as Markdown from "./Markdown.ts"
import type { Outcome } from "./Reach.ts"
import { count } from "./Table.ts"
import * as Words from "./Words.ts"

type Lines = ReadonlyArray<string>

/** What came of each goal. */
export const goals = (outcomes: ReadonlyArray<Outcome>): Lines =>
  Markdown.table(
    ["left", "left", "right", "right", "right", "left"],
    [["work", "compared with", "aim", "ratio", "rounds", "result"], ...outcomes.map(goalCells)]
  )

/** Why goals are short or were not measured; each reason once. */
export const reasons = (outcomes: ReadonlyArray<Outcome>): Lines => {
  const missed = outcomes.filter(({ verdict }) => verdict !== "reached")
  const lines = Object.entries(Arr.groupBy(missed, whyNot)).map(
    ([why, goals]) => `- ${goals.map(({ goal }) => `${goal.work} (${goal.against})`).join("; ")}: ${why}`
  )
  return lines.length === 0 ? [] : [...lines, ""]
}

/** How costs grow with the length of the log. */
export const growth = (verdicts: ReadonlyArray<Verdict>, title: (verdict: Verdict) => string): Lines =>
  Markdown.table(
    ["left", "left", "left", "right", "right"],
    [
      ["work", "by whom", "lengths of the log", "cost", "rounds"],
      ...verdicts.map((verdict) => [
        title(verdict),
        Words.names[verdict.name],
        `${verdict.from} to ${verdict.to}`,
        `× ${verdict.ratio.toFixed(2)}`,
        between(verdict, (value) => value.toFixed(2))
      ])
    ]
  )

/** All figures of a row: a table for each case. */
export const row = (figures: ReadonlyArray<Figures>): Lines =>
  [...new Set(figures.map((one) => one.case))].flatMap((work) => {
    const found = figures.filter((one) => one.case === work)
    const columns = figureColumns.filter(({ cell }) => found.some((one) => cell(one) !== ""))
    return [
      `${work}, ${found[0]?.unit ?? "units"} per second:`,
      "",
      ...Markdown.table(
        columns.map(({ side }) => side ?? "right"),
        [columns.map(({ head }) => head), ...found.map((one) => columns.map(({ cell }) => cell(one)))]
      )
    ]
  })

/** Who took no part, and why. */
export const absences = (all: ReadonlyArray<Absence>): Lines =>
  all.length === 0
    ? []
    : [
        "Who took no part:",
        "",
        ...all.map(({ name, row, setting, why }) => `- ${row}, ${Words.names[name]}, ${setting}: ${why}`),
        ""
      ]

// internal

const goalCells = (outcome: Outcome): Lines => {
  const { against, reach, work } = outcome.goal
  const ratio = outcome.verdict === "not measured" ? undefined : outcome.ratio
  return [
    work,
    against,
    aim(reach),
    ratio?.median.toFixed(2) ?? "",
    ratio === undefined ? "" : between(ratio, (value) => value.toFixed(2)),
    outcome.verdict === "short" ? "**short**" : outcome.verdict
  ]
}

const aim = (reach: Goal["reach"]): string =>
  "atLeast" in reach ? `at least ${reach.atLeast}` : `at most ${reach.atMost}`

const whyNot = (outcome: Outcome): string =>
  outcome.verdict === "not measured"
    ? `not measured: ${outcome.why}`
    : (outcome.goal.why ?? "nobody knows why yet.")

const between = (
  { max, min }: { readonly min: number; readonly max: number },
  write: (value: number) => string
): string => `${write(min)} – ${write(max)}`

const figureColumns: ReadonlyArray<{
  readonly head: string
  readonly side?: Markdown.Side
  readonly cell: (figures: Figures) => string
}> = [
  { head: "", side: "left", cell: ({ name }) => Words.names[name] },
  { head: "setting", side: "left", cell: ({ setting }) => setting },
  { head: "median", cell: ({ median }) => count(median) },
  { head: "rounds", cell: (figures) => between(figures, count) },
  { head: "one takes", cell: ({ median }) => duration(1 / median) },
  { head: "of bare", cell: ({ ofBare }) => ofBare?.toFixed(2) ?? "" },
  { head: "of equal", cell: ({ ofEqual }) => ofEqual?.toFixed(2) ?? "" },
  { head: "processors", cell: ({ cpu }) => duration(cpu / 1e6) },
  { head: "memory", cell: ({ memory }) => `${count(Math.round(memory / 1e6))} MB` }
]

const duration = (seconds: number): string =>
  seconds >= 1
    ? `${count(seconds)} s`
    : seconds >= 1e-3
      ? `${count(seconds * 1e3)} ms`
      : `${count(seconds * 1e6)} µs`
