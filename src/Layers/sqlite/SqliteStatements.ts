/** Statements that SQLite can keep prepared. */

/** `(?, ?), (?, ?)`: so many rows of so many values. */
export const placeholders = (rows: number, columns: number): string => {
  const row = `(${new Array(columns).fill("?").join(", ")})`
  return new Array(rows).fill(row).join(", ")
}

/** Cuts rows into pieces of few different sizes, so that few different statements write any number of them. */
export const pieces = <A>(rows: ReadonlyArray<A>): ReadonlyArray<ReadonlyArray<A>> => {
  if (rows.length === 1) return [rows]
  const result: Array<ReadonlyArray<A>> = []
  let start = 0
  for (const size of [64, 8, 1]) {
    for (; rows.length - start >= size; start += size) result.push(rows.slice(start, start + size))
  }
  return result
}
