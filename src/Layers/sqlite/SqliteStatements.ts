/** Statements that SQLite can keep prepared. */

/** `(?, ?), (?, ?)`: so many rows of so many values. */
export const placeholders = (rows: number, columns: number): string => {
  const row = `(${new Array(columns).fill("?").join(", ")})`
  return new Array(rows).fill(row).join(", ")
}

/** At most so many rows. A bare `?` would be planned with its value, which means that SQLite plans at each call. */
export const limited = "limit ? + 0"
