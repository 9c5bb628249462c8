/** What somebody can do to a log who may write to its file. */
import type Database from "better-sqlite3"
import * as SqliteLog from "../../../src/Layers/sqlite/SqliteLog.ts"
import { withoutTriggers } from "./files.ts"

/** Does something without the triggers, and puts them back as if they had never been away. */
export const unprotected = (raw: Database.Database, change: () => unknown): void => {
  const triggers = raw
    .prepare<[], string>("select sql from sqlite_schema where type = 'trigger'")
    .pluck()
    .all()
  withoutTriggers(raw)
  try {
    change()
  } finally {
    for (const sql of triggers) raw.exec(sql)
  }
}

/** Gives every event the checksum of what it says now. */
export const sign = (raw: Database.Database): void => {
  const rows = raw.prepare<[], ReadonlyArray<unknown>>(`select ${SqliteLog.written} from events`).raw().all()
  for (const row of rows) {
    const checksum = SqliteLog.digest(JSON.stringify(row.slice(0, -1)))
    raw.prepare("update events set checksum = ? where position = ?").run(checksum, row[0])
  }
}
