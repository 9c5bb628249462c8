/** How a program speaks on a terminal: sections, lines and columns, in plain text, at most 80 wide. */
import * as Console from "effect/Console"
import type * as Effect from "effect/Effect"

/** How wide every terminal is. */
export const width = 80

/** Begins a section. */
export const section = (title: string): Effect.Effect<void> =>
  Console.log(`\n${`── ${title} `.padEnd(width, "─")}`)

/** Says something, a little indented. */
export const say = (...lines: ReadonlyArray<string>): Effect.Effect<void> =>
  Console.log(lines.map((line) => `  ${line}`).join("\n"))

/** Rows in columns: texts to the left, numbers to the right. */
export const table = (rows: ReadonlyArray<ReadonlyArray<string | number>>): Effect.Effect<void> => {
  const widths: Array<number> = []
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, String(cell).length)
    })
  }
  const pad = (cell: string | number, column: number) =>
    typeof cell === "number" ? String(cell).padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)
  return say(...rows.map((row) => row.map(pad).join("  ").trimEnd()))
}

/** What somebody else has said: its lines begin with a bar, and are broken between words. */
export const quote = (text: string): Effect.Effect<void> =>
  say(...broken(text, width - 4).map((line) => `| ${line}`))

/** What a word, or a dash, stands for, in as many lines as it takes. */
export const explain = (word: string, text: string): Effect.Effect<void> => {
  const [first = "", ...rest] = broken(text, width - 3 - word.length)
  return say(`${word} ${first}`, ...rest.map((line) => `${" ".repeat(word.length)} ${line}`))
}

/** A moment as people write it, in UTC: `2026-01-05 09:00:00.000`. */
export const showTime = (millis: number): string =>
  new Date(millis).toISOString().replace("T", " ").replace("Z", "")

// internal

/** Lines that are broken between words. */
const broken = (text: string, columns: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + word.length + 1 <= columns) lines.push(`${lines.pop()} ${word}`)
    else lines.push(word)
  }
  return lines
}
