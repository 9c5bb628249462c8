/** What somebody at a terminal can do when a file cannot be used. */
import type { StoreError } from "everfold"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Package from "./Package.ts"

/** It was not done, or what was looked at is not sound; and what to do. */
export class Failed extends Data.TaggedError("Failed")<{ readonly message: string }> {}

/** What to do about each reason. */
export type Remedies = { readonly [Reason in StoreError.Reason]?: string }

/** An error of a store with what to do about it; a command knows best what it was asked for. */
export const failed =
  (own: Remedies = {}) =>
  ({ details, reason }: StoreError.StoreError): Failed =>
    reason === "DriverMissing"
      ? noDriver(details)
      : new Failed({ message: `${details}; ${own[reason] ?? remedies[reason] ?? reason}` })

/** The door to SQLite. Its packages may not be installed. */
export const sqlite = Effect.tryPromise({
  try: () => import("everfold/sqlite"),
  catch: (cause) => noDriver(String(cause))
})

// internal

function noDriver(details: string): Failed {
  const missing = Package.missing()
  return new Failed({
    message:
      missing.length === 0
        ? `the SQLite driver cannot be loaded: ${details}`
        : `SQLite needs packages that are not installed: npm install ${missing.join(" ")}`
  })
}

const remedies: Remedies = {
  Busy: "stop the programs that use the log, then try again",
  Full: "make space, then try again",
  NewerSchema: "use the newer program that has written it",
  NotADatabase: "name the folder of a log, or a file that backup has made",
  ReadOnly: "the folder must be writable, if only for SQLite's -shm",
  Unavailable: "look at the path and who may read it"
}
