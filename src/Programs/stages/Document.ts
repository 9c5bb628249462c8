/** The five stages side by side, as a page of the documentation. */
import * as Effect from "effect/Effect"
import { printed } from "../Printed.ts"
import type { Outline } from "./Stage.ts"

/** The page, with what each stage prints; times stand for those of a run. */
export const render = <E, R>(stages: ReadonlyArray<Outline<E, R>>): Effect.Effect<string, E, R> =>
  Effect.map(Effect.forEach(stages, chapter), (chapters) =>
    [...opening, ...sideBySide(stages), ...chapters.flat()].join("\n")
  )

// internal

const opening = [
  "# The five stages",
  "",
  "The same shop five times, from one table to a log with a bus. Each stage solves something and brings something",
  "new to look after: take the first one that is enough. `npm run tour` goes through them, a screen for each.",
  "",
  "This page is made by `npm run docs:stages`; a test compares it with what the programs print.",
  ""
]

const sideBySide = (stages: ReadonlyArray<Outline<unknown, unknown>>): ReadonlyArray<string> => [
  ...tableOf([
    ["Stage", "What is solved", "What it costs", "Who needs it"],
    ...stages.map(({ cost, need, number, solved, title }) => [`${number} ${title}`, solved, cost, need])
  ]),
  ""
]

/** As prettier writes tables: columns of the same width. */
const tableOf = ([head = [], ...rows]: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)))
  const line = (row: ReadonlyArray<string>) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)]
}

const chapter = <E, R>(stage: Outline<E, R>) =>
  Effect.map(printed(stage.glimpse), (seen) => [
    `## Stage ${stage.number}: ${stage.title}`,
    "",
    ...changes(stage.changed),
    "```text",
    seen.replaceAll(/\d{4}-\d\d-\d\d(T| )[\d:.]{12}/g, "2026-01-05$109:00:00.000"),
    "```",
    "",
    `All of it: \`npm run demo -- stage${stage.number}\``,
    ""
  ])

const changes = (changed: ReadonlyArray<string>): ReadonlyArray<string> =>
  changed.length === 0
    ? []
    : ["What has changed since the stage before:", "", ...changed.map((change) => `- ${change}`), ""]
