/** Moments at which a process can be killed: before or after a statement on one of its two files. */
import * as Driver from "../Driver.ts"

/** A moment on the road of a command, or of a page of events. */
export interface CrashPoint {
  readonly name: string
  readonly file: "log.db" | "read.db"
  readonly moment: "before" | "after"
  readonly sql: RegExp
}

const point = (
  name: string,
  file: CrashPoint["file"],
  moment: CrashPoint["moment"],
  sql: RegExp
): CrashPoint => ({ name, file, moment, sql })

export const crashPoints: ReadonlyArray<CrashPoint> = [
  point("log: after begin", "log.db", "after", /^BEGIN/),
  point("log: after the look-up of the id", "log.db", "after", /^select request from events where id/),
  point(
    "log: after the comparison",
    "log.db",
    "after",
    /^select version, id, position from events where stream/
  ),
  point("log: before the insert", "log.db", "before", /^insert into events/),
  point("log: after the insert", "log.db", "after", /^insert into events/),
  point("log: before the checkpoint", "log.db", "before", /^insert into checkpoints/),
  point("log: before commit", "log.db", "before", /^COMMIT/),
  point("log: after commit", "log.db", "after", /^COMMIT/),
  point("bus: after the doorbell", "read.db", "before", /^BEGIN/),
  point("rows: after begin", "read.db", "after", /^BEGIN/),
  point("rows: after the position", "read.db", "after", /^update generations set position/),
  point("rows: after the rows", "read.db", "after", /^insert or replace into rows/),
  point("rows: before commit", "read.db", "before", /^COMMIT/),
  point("rows: after commit", "read.db", "after", /^COMMIT/)
]

/** Kills this process when it comes to a point for the n-th time. */
export const dieAt = ({ file, moment, sql }: CrashPoint, nth: number): void => {
  let times = 0
  const now = (statement: Driver.Statement) =>
    statement.file === file && sql.test(statement.sql) && ++times === nth
  Driver.around((statement, run) => {
    const dies = now(statement)
    if (dies && moment === "before") process.kill(process.pid, "SIGKILL")
    const result = run()
    if (dies) process.kill(process.pid, "SIGKILL")
    return result
  })
}
