/** Whether a change of the code may be committed: its lock, the one that lies beside it, and that of the last release. */
import * as Either from "effect/Either"
import * as SchemaLock from "./SchemaLock.ts"

/** Three times the shapes of an app. */
export interface Locks {
  /** Of the code. */
  readonly now: SchemaLock.SchemaLock
  /** The text of the file that lies beside the code; `undefined` when there is none. */
  readonly committed: string | undefined
  /** Of the last release, taken from where no commit can change it; `undefined` when nothing is released yet. */
  readonly released: SchemaLock.SchemaLock | undefined
}

/** What stands in the way, and what else there is to know; lines for a reader. */
export interface Review {
  /** What stored payloads would not survive. */
  readonly breaking: ReadonlyArray<string>
  /** Where the file is not what the code says; it has to be written again. */
  readonly stale: ReadonlyArray<string>
  /** What else has changed since the release. */
  readonly allowed: ReadonlyArray<string>
}

/** Compares the three. A file that was changed together with the code does not help: the release counts. */
export const review = ({ committed, now, released }: Locks): Review => {
  const since = released === undefined ? [] : SchemaLock.changes(released, now)
  return {
    breaking: since.flatMap(({ line, remedy }) => (remedy === undefined ? [] : [`${line}; ${remedy}`])),
    stale: committed === SchemaLock.print(now) ? [] : stale(committed, now),
    allowed: since
      .filter(({ verdict }) => verdict === "added" || verdict === "allowed")
      .map(({ line }) => line)
  }
}

// internal

const stale = (committed: string | undefined, now: SchemaLock.SchemaLock): ReadonlyArray<string> => {
  if (committed === undefined) return ["there is no lock yet"]
  const lock = SchemaLock.parse(committed)
  if (Either.isLeft(lock)) return [`it is no lock: ${lock.left.message}`]
  const lines = SchemaLock.changes(lock.right, now)
    .filter(({ verdict }) => verdict !== "same")
    .map(({ line }) => line)
  return lines.length > 0 ? lines : ["it says the same in another way"]
}
