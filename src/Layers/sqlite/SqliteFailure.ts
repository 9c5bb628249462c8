/** What SQLite's own errors mean. */
import { dirname } from "node:path"
import type { SqlError } from "@effect/sql/SqlError"
import type { Reason } from "../../Services/StoreError.ts"
import * as StoreError from "../../Services/StoreError.ts"
import * as SqlitePlace from "./SqlitePlace.ts"

/** A failed statement, or a failure to open the file. */
export const storeError =
  (file: string) =>
  (error: SqlError): StoreError.StoreError =>
    fromCause(file, error.cause ?? error)

/** Whatever better-sqlite3 has thrown. */
export const fromCause = (file: string, cause: unknown): StoreError.StoreError => {
  if (cause instanceof StoreError.StoreError) return cause
  const message = cause instanceof Error ? cause.message : String(cause)
  const code = codeOf(cause)
  if (message.startsWith(own)) return StoreError.make("Invalid", message.slice(own.length), cause)
  if (message === "malformed JSON")
    return StoreError.make("Corrupt", `${file}: a row is damaged: ${message}`, cause)
  const obstacle = isPlace(code, message) ? SqlitePlace.obstacle(dirname(file), cause) : undefined
  if (obstacle !== undefined) return obstacle
  const reason = reasons.find(([prefix]) => code.startsWith(prefix))?.[1]
  if (reason !== undefined) return StoreError.make(reason, `${file}: ${message}`, cause)
  if (code === "MODULE_NOT_FOUND")
    return StoreError.make("DriverMissing", `a package is not installed: ${firstLine(message)}`, cause)
  return message.includes("bindings file") || message.includes("was compiled against")
    ? StoreError.make(
        "DriverMissing",
        "the native driver of better-sqlite3 is not built for this Node",
        cause
      )
    : StoreError.make("Unavailable", `${file}: ${message}`, cause)
}

/** Whether what is in a file is damaged, or none of ours. */
export const isRubble = ({ reason }: StoreError.StoreError): boolean =>
  reason === "Corrupt" || reason === "NotADatabase"

/** What the triggers of our own say begins with this. */
export const own = "everfold: "

// internal

/** Those who required it are on the others. */
const firstLine = (message: string) => message.split("\n", 1).join("")

const codeOf = (cause: unknown): string =>
  typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : ""

/** Whether a file could not be opened where it is; the driver itself looks whether there is a folder. */
const isPlace = (code: string, message: string): boolean =>
  code.startsWith("SQLITE_CANTOPEN") || code === "ENOTDIR" || message.includes("directory does not exist")

const reasons: ReadonlyArray<readonly [prefix: string, reason: Reason]> = [
  ["SQLITE_BUSY", "Busy"],
  ["SQLITE_LOCKED", "Busy"],
  ["SQLITE_FULL", "Full"],
  ["SQLITE_READONLY", "ReadOnly"],
  ["SQLITE_NOTADB", "NotADatabase"],
  ["SQLITE_CORRUPT", "Corrupt"],
  ["SQLITE_TOOBIG", "TooLarge"],
  ["SQLITE_CONSTRAINT", "Invalid"],
  ["SQLITE_IOERR", "Unavailable"],
  ["SQLITE_CANTOPEN", "Unavailable"],
  // A statement that makes no sense here, such as one about a table that is not there.
  ["SQLITE_", "Invalid"],
  ["EACCES", "ReadOnly"],
  ["EROFS", "ReadOnly"],
  ["ENOSPC", "Full"]
]
