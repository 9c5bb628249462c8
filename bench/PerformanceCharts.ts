/** The charts of the page on performance: which figures lie on them. */
import type { Chart, Point, Series } from "./Chart.ts"
import type { Figures } from "./Figures.ts"
import * as Length from "./growth/Length.ts"
import type { Name } from "./Row.ts"
import * as Words from "./Words.ts"

/** A chart, and the name of its file. */
export interface Drawing {
  readonly file: string
  readonly chart: Chart
}

/** What each piece of work costs as the log grows, as far as it was measured. */
export const growth = (figures: ReadonlyArray<Figures>): ReadonlyArray<Drawing> =>
  works.flatMap(({ case: work, file, row, title, unit }) => {
    const found = figures.filter((one) => one.row === row && one.case === work)
    const series = names.flatMap((name) =>
      lineOf(
        Words.names[name],
        found.filter((one) => one.name === name).map((one) => costAt(Length.of(one), one))
      )
    )
    const chart = { title, x: "events in the log", y: `µs per ${unit}`, series }
    return series.length === 0 ? [] : [{ file, chart }]
  })

/** How fast several writers are together. */
export const writers = (figures: ReadonlyArray<Figures>): ReadonlyArray<Drawing> => {
  const found = figures.filter(({ row }) => row === "writers")
  const series = ["FULL", "NORMAL"].flatMap((setting) =>
    lineOf(
      setting,
      found.filter((one) => one.setting === setting).map((one) => speedAt(numberIn(one.case), one))
    )
  )
  const chart = {
    title: "Commands of several writers at once",
    x: "writers, each with a stream of its own",
    y: "commands per second, of all together",
    series
  }
  return series.length === 0 ? [] : [{ file: "writers.svg", chart }]
}

/** What there is a chart of. */
export const works = [
  {
    row: "growth",
    case: "1 event",
    file: "append.svg",
    title: "A commit of one event, synced to the disk",
    unit: "commit"
  },
  {
    row: "growth",
    case: "100 events",
    file: "append-100.svg",
    title: "A commit of 100 events, synced to the disk",
    unit: "event"
  },
  {
    row: "growth-command",
    case: "1 caller",
    file: "command.svg",
    title: "A command that reads the 8 events of its stream, synced to the disk",
    unit: "command"
  },
  {
    row: "growth-command",
    case: "until its row is visible",
    file: "visible.svg",
    title: "A command until readers see what it did",
    unit: "command"
  },
  {
    row: "growth",
    case: "state after 10 events",
    file: "state.svg",
    title: "The state of a stream of 10 events",
    unit: "state"
  },
  {
    row: "growth",
    case: "1,000 events read",
    file: "scan.svg",
    title: "The log read in pages, from its beginning",
    unit: "event"
  }
] as const

// internal

const names: ReadonlyArray<Name> = ["everfold", "equal", "emmett"]

const lineOf = (name: string, points: ReadonlyArray<Point>): ReadonlyArray<Series> =>
  points.length === 0 ? [] : [{ name, points: [...points].sort((one, other) => one.x - other.x) }]

const speedAt = (x: number, { max, median, min }: Figures): Point => ({ x, y: median, low: min, high: max })

const costAt = (x: number, { max, median, min }: Figures): Point => ({
  x,
  y: 1e6 / median,
  low: 1e6 / max,
  high: 1e6 / min
})

const numberIn = (text: string): number => Number(text.replaceAll(/\D/g, ""))
