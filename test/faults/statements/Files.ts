/** The files of a program, as any other program finds them. */
import Database from "better-sqlite3"
import { Projection } from "everfold"
import type { Event } from "everfold"
import { join } from "node:path"
import { isDeepStrictEqual } from "node:util"
import { Account, Balances } from "../../Bank.ts"

/** The log of a folder. */
export const log = (directory: string): ReadonlyArray<Event.Stored> => events(join(directory, "log.db"))

/** The events of a file, in the order of their positions. */
export const events = (file: string): ReadonlyArray<Event.Stored> =>
  using(file, (database) =>
    database
      .prepare<[], Event.Stored>(
        `select position, stream, version, id, type, revision, recorded_at as recordedAt, payload, metadata
          from events order by position`
      )
      .all()
  )

/** The id of the commit of an event. */
export const commitOf = ({ id }: Event.Stored): string => id.slice(0, id.lastIndexOf("#"))

/** Files that somebody still holds the write lock of. */
export const held = (directory: string): ReadonlyArray<string> =>
  ["log.db", "read.db"].flatMap((file) =>
    using(join(directory, file), (database) => {
      try {
        database.exec("begin immediate; rollback")
        return []
      } catch (cause) {
        return [`${file} is left locked: ${String(cause)}`]
      }
    })
  )

/** What is wrong with a log: holes, halves, and what SQLite finds. */
export const damage = (directory: string): ReadonlyArray<string> => {
  const versions = new Map<string, number>()
  const numbers = new Map<string, number>()
  const found: Array<string> = []
  for (const [index, stored] of log(directory).entries()) {
    const commit = commitOf(stored)
    const [version, number] = [(versions.get(stored.stream) ?? 0) + 1, numbers.get(commit) ?? 0]
    versions.set(stored.stream, version)
    numbers.set(commit, number + 1)
    if (stored.position !== index + 1) found.push(`a gap before position ${stored.position}`)
    if (stored.version !== version) found.push(`a gap in ${stored.stream} before version ${stored.version}`)
    if (stored.id !== `${commit}#${number}`) found.push(`a gap in commit ${commit} before ${stored.id}`)
  }
  const checks = ["log.db", "read.db"].map((file) =>
    using(join(directory, file), (database) => String(database.pragma("integrity_check", { simple: true })))
  )
  return [...found, ...checks.filter((check) => check !== "ok")]
}

/** What subscribers that have caught up with a log should have made of it, and have not. */
export const unfinished = (directory: string): ReadonlyArray<string> => {
  const events = log(directory)
  const ofType = (...types: ReadonlyArray<string>) => events.filter(({ type }) => types.includes(type))
  const moves = ofType("Deposited", "Withdrawn")
  const rows = using(join(directory, "read.db"), (database) => ({
    balances: database
      .prepare<[], { key: string; row: string }>(
        `select key, row from rows join generations using (generation)
          where generations.projection = 'balances' and state = 'serving'`
      )
      .all(),
    movements: database.prepare("select position from movements order by position").pluck().all()
  }))
  const expected = Projection.run(
    Balances,
    moves.flatMap((stored) => decoded(stored))
  )
  const letters = ofType("Sent").length
  const notes = ofType("Noted").filter(
    ({ payload }) => payload.includes(" stamped") || payload.includes(" sent")
  )
  const differences: ReadonlyArray<readonly [string, unknown, unknown]> = [
    ["balances", new Map(rows.balances.map(({ key, row }) => [key, JSON.parse(row)])), expected],
    ["movements", rows.movements, moves.map(({ position }) => position)],
    ["letters", letters, ofType("Withdrawn").length],
    ["notes", notes.length, 2 * letters]
  ]
  return differences.flatMap(([name, found, due]) =>
    isDeepStrictEqual(found, due) ? [] : [`${name}: ${shown(found)} instead of ${shown(due)}`]
  )
}

// internal

const using = <A>(file: string, use: (database: Database.Database) => A): A => {
  const database = new Database(file, { timeout: 0 })
  try {
    return use(database)
  } finally {
    database.close()
  }
}

const decoded = (stored: Event.Stored) => {
  const result = Account.codec.decode(stored)
  if (result._tag === "Left") throw result.left
  return result.right.map(({ event }) => event)
}

const shown = (value: unknown): string =>
  JSON.stringify(value instanceof Map ? [...value] : value).slice(0, 200)
