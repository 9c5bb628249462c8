/** Trouble with the statements of this process: from a moment on the n-th fails, or all from the n-th on. */
import Database from "better-sqlite3"
import type { StoreError } from "everfold"
import { basename } from "node:path"
import * as Driver from "../Driver.ts"
import * as Threads from "./Threads.ts"

/** What the driver says, and what that is to the kit. */
export interface Complaint {
  readonly name: string
  readonly reason: StoreError.Reason
  readonly error: () => Error
}

/** How a statement fails. */
export interface Manner {
  readonly name: string
  /** It never runs; it runs and then fails; or it is not even prepared. */
  readonly kind: "refused" | "unheard" | "unprepared"
  /** Whether all that follow are refused as well. */
  readonly lasting: boolean
}

/** One way in which things go wrong. */
export interface Trouble {
  readonly manner: Manner
  readonly complaint: Complaint
  readonly nth: number
}

/** A statement that has met trouble. */
export interface Struck extends Driver.Statement {
  /** Whether a transaction was under way on its file. */
  readonly inside: boolean
}

/** A trouble that is under way. */
export interface Underway {
  /** The first statement that it has met, or none so far. */
  readonly struck: () => Struck | undefined
  readonly end: () => void
}

/** Every manner with every complaint that it can have: what SQLite calls busy or full, it has not done. */
export const kinds: ReadonlyArray<Omit<Trouble, "nth">> = (() => {
  const complaint = (code: string, reason: StoreError.Reason, message: string): Complaint => ({
    name: code,
    reason,
    error: () => Driver.failure(code, message)
  })
  const busy = complaint("SQLITE_BUSY", "Busy", "database is locked")
  const full = complaint("SQLITE_FULL", "Full", "database or disk is full")
  const write = complaint("SQLITE_IOERR_WRITE", "Unavailable", "disk I/O error")
  const sync = complaint("SQLITE_IOERR_FSYNC", "Unavailable", "disk I/O error")
  const lost: Complaint = {
    name: "lost connection",
    reason: "Unavailable",
    error: () => new TypeError("The database connection is not open")
  }
  const all = [busy, full, write, sync, lost]
  const manners: ReadonlyArray<readonly [Manner, ReadonlyArray<Complaint>]> = [
    [{ name: "refused", kind: "refused", lasting: false }, all],
    [{ name: "refused, and all after it", kind: "refused", lasting: true }, all],
    [{ name: "done, but said to have failed", kind: "unheard", lasting: false }, [sync, lost]],
    [{ name: "done, but all fails from there on", kind: "unheard", lasting: true }, [sync, lost]],
    [{ name: "not prepared", kind: "unprepared", lasting: false }, [busy, write]]
  ]
  return manners.flatMap(([manner, complaints]) => complaints.map((complaint) => ({ manner, complaint })))
})()

/** Makes it possible; once, before anything is opened. */
export const install = (): void => {
  const around: Driver.Around = (statement, run) =>
    current === undefined ? run() : current.run(statement, run)
  Driver.around(around)
  Threads.around(around)
  const { prepare } = Database.prototype
  const prepared = function (this: Database.Database, sql: string) {
    current?.prepare({ file: basename(this.name), sql })
    return prepare.call(this, sql)
  }
  Object.assign(Database.prototype, { prepare: prepared })
}

/** Begins to count statements. */
export const begin = ({ complaint, manner, nth }: Trouble): Underway => {
  const inside = new Set<string>()
  let seen = 0
  let struck: Struck | undefined
  const fails = (statement: Driver.Statement) => {
    seen += 1
    if (seen === nth) struck = { ...statement, inside: inside.has(statement.file) }
    return seen === nth || (manner.lasting && seen > nth)
  }
  const raise = (): never => {
    throw complaint.error()
  }
  const follow = ({ file, sql }: Driver.Statement) => {
    if (sql.startsWith("BEGIN")) inside.add(file)
    else if (/^(COMMIT|ROLLBACK)/.test(sql)) inside.delete(file)
  }
  current = {
    run: (statement, run) => {
      if (manner.kind !== "unprepared" && fails(statement)) {
        if (manner.kind === "unheard" && seen === nth) run()
        return raise()
      }
      const result = run()
      follow(statement)
      return result
    },
    prepare: (statement) => {
      if (manner.kind === "unprepared" && fails(statement)) raise()
    }
  }
  return { struck: () => struck, end: () => (current = undefined) }
}

// internal

interface Current {
  readonly run: Driver.Around
  readonly prepare: (statement: Driver.Statement) => void
}

let current: Current | undefined
