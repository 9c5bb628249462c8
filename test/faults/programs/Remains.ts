/** What must be true of the files of a folder once everybody has done what there was to do. */
import Database from "better-sqlite3"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as Files from "../statements/Files.ts"
import { effectsIn } from "./Business.ts"

/** What is not done yet, or done too often. */
export const undone = (directory: string): ReadonlyArray<string> => [
  ...undoneInLog(directory),
  ...behind(directory, "read.db"),
  ...Files.unfinished(directory)
]

/** The same, of those whose home is the log. */
export const undoneInLog = (directory: string): ReadonlyArray<string> => {
  const log = Files.log(directory)
  const notes = log.filter(({ stream }) => stream === "Journal-welcome").map(({ payload }) => payload)
  const deposits = log.filter(({ type }) => type === "Deposited")
  const welcomed = deposits.flatMap(({ id }) =>
    [`${id} welcomed`, `${id} welcomed again`].flatMap((text) => {
      const found = notes.filter((payload) => payload.includes(`"${text}"`)).length
      return found === 1 ? [] : [`${found} notes "${text}"`]
    })
  )
  const unknown = notes.length > 2 * deposits.length ? ["notes about deposits that were never made"] : []
  const effects = new Set(effectsOf(directory))
  const silent = log
    .filter(({ id, type }) => ["Deposited", "Withdrawn"].includes(type) && !effects.has(`${id}/audit`))
    .map(({ id }) => `no effect of ${id}`)
  return [
    ...behind(directory, "log.db"),
    ...welcomed.slice(0, 5),
    ...unknown,
    ...silent.slice(0, 5),
    ...parked(directory)
  ]
}

/** Subscribers in a file that are not at the end of the log. */
export const behind = (directory: string, file: "log.db" | "read.db"): ReadonlyArray<string> => {
  const head = Files.log(directory).length
  const select =
    file === "log.db"
      ? "select subscriber as name, position from checkpoints"
      : "select projection as name, position from generations where state = 'serving'"
  return reading(join(directory, file), (database) =>
    database.prepare<[], { name: string; position: number }>(select).all()
  ).flatMap(({ name, position }) => (position === head ? [] : [`"${name}" is at ${position} of ${head}`]))
}

/** The keys of the effects that have happened, in the order in which they have. */
export const effectsOf = (directory: string): ReadonlyArray<string> => {
  const file = effectsIn(directory)
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : []
}

/** Effects that have happened again, when there are more than one for each time that the lease has changed hands. */
export const repeated = (directory: string): ReadonlyArray<string> => {
  const effects = effectsOf(directory)
  const again = effects.length - new Set(effects).size
  const hands = (leases(directory).find(({ subscriber }) => subscriber === "audit")?.epoch ?? 1) - 1
  return again > hands ? [`${again} effects happened again, the lease changed hands ${hands} times`] : []
}

/** Effects that have happened before an earlier one of the same stream had. */
export const outOfOrder = (directory: string): ReadonlyArray<string> => {
  const byId = new Map(Files.log(directory).map((stored) => [`${stored.id}/audit`, stored]))
  const reached = new Map<string, number>()
  return [...new Set(effectsOf(directory))].flatMap((key) => {
    const { stream, version } = byId.get(key) ?? { stream: "nowhere", version: 0 }
    const before = reached.get(stream) ?? 0
    reached.set(stream, version)
    return version > before ? [] : [`the effect ${key} came after that of version ${before}`]
  })
}

/** A lease as it lies in its table. */
export interface Lease {
  readonly subscriber: string
  readonly owner: string
  readonly epoch: number
  readonly until: number
}

/** The leases of a folder. */
export const leases = (directory: string): ReadonlyArray<Lease> =>
  reading(join(directory, "log.db"), (database) =>
    database
      .prepare<[], Lease>("select subscriber, owner, epoch, until from leases order by subscriber")
      .all()
  )

/** Everything in both databases but leases and epochs, which may change hands whenever somebody is slow. */
export const everything = (directory: string): string =>
  ["log.db", "read.db"]
    .flatMap((file) =>
      reading(join(directory, file), (database) =>
        database
          .prepare<[], string>(tables)
          .pluck()
          .all()
          .flatMap((table) =>
            database
              .prepare<[], object>(`select * from ${table}`)
              .all()
              .map((row) => JSON.stringify({ table, ...row, epoch: 0 }))
          )
      )
    )
    .join("\n")

/** Whether nobody holds the write lock of a file right now. */
export const isFree = (directory: string, file: string): boolean => {
  const database = new Database(join(directory, file), { timeout: 0 })
  try {
    database.exec("begin immediate; rollback")
    return true
  } catch {
    return false
  } finally {
    database.close()
  }
}

// internal

const tables = `select name from sqlite_schema
  where type = 'table' and name <> 'leases' and name not like 'sqlite_%' order by name`

const reading = <A>(file: string, read: (database: Database.Database) => A): A => {
  const database = new Database(file, { readonly: true, timeout: 100 })
  try {
    return read(database)
  } finally {
    database.close()
  }
}

const parked = (directory: string): ReadonlyArray<string> =>
  reading(join(directory, "log.db"), (database) =>
    database
      .prepare<[], string>("select subscriber || ' has set aside ' || value from notes where kind = 'parked'")
      .pluck()
      .all()
  )
