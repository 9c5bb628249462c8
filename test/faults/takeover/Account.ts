/** How long it took until somebody else had the leases, and how often nobody could have them. */
import * as Effect from "effect/Effect"
import * as Looks from "../programs/Looks.ts"
import * as Program from "../programs/Program.ts"
import * as Remains from "../programs/Remains.ts"
import * as Office from "./Office.ts"

/** What has happened in all cycles. */
export interface Account {
  readonly killed: Array<Taken>
  readonly stopped: Array<Taken>
  /** The write lock of the log was held, and nobody could take over. */
  locked: number
  /** The write lock of the rows was held: the leases were taken, and the rows waited. */
  rowsLocked: number
}

/** A take-over. */
export interface Taken {
  readonly millis: number
  /** How often the one of the others that has asked most has asked for the leases until then. */
  readonly looks: number
}

export const make = (): Account => ({ killed: [], stopped: [], locked: 0, rowsLocked: 0 })

/** The account as a table. */
export const lines = ({ killed, locked, rowsLocked, stopped }: Account): ReadonlyArray<string> => [
  ...[["killed", killed] as const, ["stopped", stopped] as const].map(([name, all]) => {
    const most = (of: (taken: Taken) => number) => Math.round(Math.max(0, ...all.map(of)))
    const at = `after ${most(({ millis }) => millis)} ms and ${most(({ looks }) => looks)} looks at most`
    return `${name.padEnd(24)}${String(all.length).padStart(4)}   taken over ${at}`
  }),
  `${"with the lock of the log".padEnd(24)}${String(locked).padStart(4)}   others are Busy until it goes on or dies`,
  `${"with that of the rows".padEnd(24)}${String(rowsLocked).padStart(4)}   the leases are taken over, rows wait`,
  `(a lease lasts ${Office.lease} ms; who wants it looks three times meanwhile)`
]

/** Looks, from now on, for the moment when the others have all that somebody had. */
export const takenOver = (
  directory: string,
  former: Program.Program,
  others: ReadonlyArray<Program.Program>
) => {
  const start = performance.now()
  const counts = () => others.map((one) => Program.times(one, "look"))
  const first = counts()
  return Effect.map(
    Looks.until(
      "somebody takes over",
      () => Remains.leases(directory).every(({ owner }) => owner !== "" && owner !== Office.nameOf(former)),
      () =>
        [
          JSON.stringify(Remains.leases(directory)),
          ...["log.db", "read.db"].map(
            (file) => `${file} is ${Remains.isFree(directory, file) ? "free" : "held"}`
          ),
          ...others.map(Program.shown)
        ].join("\n")
    ),
    (): Taken => ({
      millis: performance.now() - start,
      looks: Math.max(...counts().map((count, index) => count - (first[index] ?? 0)))
    })
  )
}

/** Whether it took too long. Looks are counted, because time says little on a busy machine. */
export const late = ({ looks, millis }: Taken): ReadonlyArray<string> =>
  looks > mostLooks ? [`taken over after ${looks} looks only (${Math.round(millis)} ms)`] : []

// internal

/** Two lease times: a lease is extended, and asked for by others, three times while it lasts. */
const mostLooks = 6
