/** The generations of the projection in a read database, as they lie there. */
import Database from "better-sqlite3"
import { join } from "node:path"

/** A build. */
export interface Generation {
  readonly generation: number
  readonly state: "building" | "serving" | "former"
  readonly position: number
}

/** All of them, oldest first. */
export const of = (directory: string): ReadonlyArray<Generation> => {
  const database = new Database(join(directory, "read.db"), { timeout: 100 })
  try {
    return database
      .prepare<[], Generation>(
        "select generation, state, position from generations where projection = 'tagged' order by generation"
      )
      .all()
  } finally {
    database.close()
  }
}

/** How far a build had got. */
export const stage = (all: ReadonlyArray<Generation>): string => {
  const building = all.find(({ state }) => state === "building")
  if (building !== undefined) return building.position === 0 ? "before its first step" : "in the middle"
  return all.some(({ state }) => state === "former") ? "after the change-over" : "before it began"
}

/** Whether a build that was broken off went on where it was; otherwise, what happened instead. */
export const goneOnFrom = (
  before: ReadonlyArray<Generation>,
  after: ReadonlyArray<Generation>
): ReadonlyArray<string> => {
  const newest = before.at(-1)
  const found = after.at(-1)
  const isBegun = before.length > 1
  return isBegun && (found?.generation !== newest?.generation || found?.state !== "serving")
    ? [`it began again: ${JSON.stringify(before)} became ${JSON.stringify(after)}`]
    : []
}
