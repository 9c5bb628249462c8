/** Text as prettier leaves it. */

/** How the cells of a column stand. */
export type Side = "left" | "right"

/** A table whose first row is its head. */
export const table = (
  sides: ReadonlyArray<Side>,
  [head = [], ...rows]: ReadonlyArray<ReadonlyArray<string>>
): ReadonlyArray<string> => {
  const widths = sides.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0))
  )
  const line = (row: ReadonlyArray<string>) =>
    `| ${widths.map((width, column) => cell(sides[column], row[column] ?? "", width)).join(" | ")} |`
  const rule = widths.map((width, column) =>
    sides[column] === "right" ? `${"-".repeat(width - 1)}:` : "-".repeat(width)
  )
  return [line(head), line(rule), ...rows.map(line), ""]
}

// internal

const cell = (side: Side | undefined, text: string, width: number): string =>
  side === "right" ? text.padStart(width) : text.padEnd(width)
