/** Statements that SQLite can keep prepared. */

/** `(?, ?, ?)`: so many values. */
export const placeholders = (count: number): string => `(${new Array(count).fill("?").join(", ")})`

/** At most so many rows. A bare `?` would be planned with its value, which means that SQLite plans at each call. */
export const limited = "limit ? + 0"
